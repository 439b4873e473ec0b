import { afterEach, describe, expect, it } from "vitest";
import { type Endpoint, startEndpoint } from "./support/endpoint.ts";
import { family, run, runAndReceive } from "./support/program.ts";

const NOBODY = "http://127.0.0.1:9";
let endpoint: Endpoint | undefined;
afterEach(() => endpoint?.close());

describe("our own pipeline", () => {
  it("sends what has ended before process.exit() is through (rule 20)", async () => {
    const { spans, ...ended } = await runAndReceive("exit.mjs");
    expect({ ...ended, spans: family(spans) }).toEqual({
      status: 3,
      stderr: "",
      output: { before: 2, isSent: true, after: 0 },
      spans: ["first", "second"],
    });
  });

  it("sends again at process.exit() what was under way", async () => {
    const env = { OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "1" };
    const { spans, output } = await runAndReceive("exit.mjs", { env });
    expect({ output, spans: family(spans) }).toEqual({
      output: { before: 2, isSent: true, after: 0 },
      spans: ["first", "second"],
    });
  });

  it("sends its last words with the headers, form and path of the environment", async () => {
    endpoint = await startEndpoint();
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: `${endpoint.url}/prefix`,
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=secret",
      NODE_OPTIONS: "--import ./test/fixtures/only-into-exit.mjs",
    };
    const ended = await run("exit.mjs", { env });
    expect({ ...ended, posted: endpoint.posted }).toEqual({
      status: 3,
      stderr: "",
      output: { before: 2, isSent: true, after: 0 },
      posted: [
        {
          path: "/prefix/v1/traces",
          contentType: "application/x-protobuf",
          authorization: "secret",
          bytes: expect.any(Number),
        },
      ],
    });
  });

  it("sends its last words to where the exporter sends, whatever the environment says since", async () => {
    const later = { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${NOBODY}/v1/traces` };
    const { spans } = await runAndReceive("exit.mjs", { env: { LATER: JSON.stringify(later) } });
    expect(family(spans)).toEqual(["first", "second"]);
  });

  it.each(["silent", "absent"])("gives up its last words at a %s endpoint", async (kind) => {
    endpoint = await startEndpoint({ isSilent: true });
    const url = kind === "silent" ? endpoint.url : NOBODY;
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: url, LIMIT: "1000" };
    expect(await run("exit.mjs", { env })).toEqual({
      status: 3,
      stderr: expect.stringMatching(/2 spans could not be sent within \d+ ms/),
      output: { before: 2, isSent: false, after: 2 },
    });
  });

  it.each(["silent", "absent"])("ends a flush and the process at a %s endpoint", async (kind) => {
    endpoint = await startEndpoint({ isSilent: true });
    const url = kind === "silent" ? endpoint.url : NOBODY;
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_LOG_LEVEL: "none" };
    const { status } = await run("flush.mjs", { env });
    expect(status).toBe(0);
  });
});
