import { createRequire } from "node:module";
import { aborting, close, url } from "./slow-server.mjs";
import { inCase, provider, recordedCase } from "./telemetry.mjs";

const { OpenAI } = createRequire(import.meta.url)("openai");
const ask = { model: "m", messages: [{ role: "user", content: "x" }] };
const client = new OpenAI({ apiKey: "none", baseURL: url, maxRetries: 0 });
const create = (options) => client.chat.completions.create(ask, options);

await inCase("openai, aborted", () => aborting((signal) => create({ signal })));
await inCase("openai, timed out", () => create({ timeout: 50 }));
await recordedCase("openai, aborted, and recorded", () => aborting((signal) => create({ signal })));
close();
await provider.shutdown();
