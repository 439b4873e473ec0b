import { once } from "node:events";
import Anthropic from "@anthropic-ai/sdk";
import { SpanStatusCode } from "@opentelemetry/api";
import axios from "axios";
import { request } from "undici";
import { aborting, close, url } from "./slow-server.mjs";
import { provider, recordedCase } from "./telemetry.mjs";

const ask = { model: "m", max_tokens: 1, messages: [{ role: "user", content: "x" }] };
const claude = new Anthropic({ apiKey: "none", baseURL: url, maxRetries: 0 });

await recordedCase("fetch, aborted", () => aborting((signal) => fetch(url, { signal })));
await recordedCase("fetch, timed out", () => fetch(url, { signal: AbortSignal.timeout(50) }));
await recordedCase("events.once, aborted", () =>
  once(process, "never", { signal: AbortSignal.abort() }),
);
await recordedCase("axios, aborted", () => aborting((signal) => axios.get(url, { signal })));
await recordedCase("undici, headers late", () => request(url, { headersTimeout: 50 }));
await recordedCase("undici, broken", () => request(`${url}/breaks`));
await recordedCase("anthropic, aborted", () =>
  aborting((signal) => claude.messages.create(ask, { signal })),
);
await recordedCase("anthropic, timed out", () => claude.messages.create(ask, { timeout: 50 }));

// What looks alike, and is none.
const aborted = AbortSignal.abort().reason;
await recordedCase("MongoDB's code 20", () => {
  throw Object.assign(new Error("no"), { name: "MongoServerError", code: 20 });
});
await recordedCase("caught, and completed", (span) => span.recordException(aborted));
await recordedCase("caught, then OK", (span) => {
  span.recordException(aborted);
  span.setStatus({ code: SpanStatusCode.OK });
});
await recordedCase("caught, then another failure", (span) => {
  span.recordException(aborted);
  throw new TypeError("x is not a function");
});
await recordedCase("caught, retried, then ERROR alone", (span) => {
  span.recordException(aborted);
  span.addEvent("retry");
  span.setStatus({ code: SpanStatusCode.ERROR });
});
close();
await provider.shutdown();
