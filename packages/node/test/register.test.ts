import { describe, expect, it } from "vitest";
import { startEndpoint } from "./support/endpoint.ts";
import { family, REGISTER, run, runAndReceive } from "./support/program.ts";

const REQUIRE = ["--require", "@otel-lifecycle/node/register"];

describe("register", () => {
  it.each([
    ["--import", "an ES module", REGISTER, "family.mjs"],
    ["--import", "a CommonJS module", REGISTER, "family.cjs"],
    ["--require", "an ES module", REQUIRE, "family.mjs"],
    ["--require", "a CommonJS module", REQUIRE, "family.cjs"],
    ["both", "an ES module, once", [...REQUIRE, ...REGISTER], "family.mjs"],
  ])("by %s traces %s, without a word", async (_flag, _kind, flags, program) => {
    // Node 20 says of every require() of an ES module that this is experimental.
    const env = { NODE_NO_WARNINGS: "1" };
    const { spans, ...ended } = await runAndReceive(program, { flags, env });
    expect({ ...ended, spans: family(spans) }).toEqual({
      status: 0,
      stderr: "",
      output: undefined,
      spans: ["outer", "outer > inner"],
    });
  });

  it("says who sends, and nothing of the command line", async () => {
    const env = { OTEL_SERVICE_NAME: "shop", OTEL_RESOURCE_ATTRIBUTES: "a=b,service.version=2" };
    const { spans } = await runAndReceive("family.mjs", { env });
    expect(spans[0]?.resource).toEqual({
      a: "b",
      "host.name": expect.any(String),
      "process.pid": expect.any(Number),
      "process.runtime.name": "nodejs",
      "process.runtime.version": process.versions.node,
      "service.instance.id": expect.stringMatching(/^[0-9a-f-]{36}$/),
      "service.name": "shop",
      "service.version": "2",
      "telemetry.sdk.language": "nodejs",
      "telemetry.sdk.name": "opentelemetry",
      "telemetry.sdk.version": expect.any(String),
    });
  });

  it.each([
    ["protobuf where nothing is said", {}, "application/x-protobuf"],
    ["JSON", { OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" }, "application/json"],
    [
      "what is said for traces",
      {
        OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
        OTEL_EXPORTER_OTLP_TRACES_PROTOCOL: "http/protobuf",
      },
      "application/x-protobuf",
    ],
  ])("sends %s", async (_what, env, contentType) => {
    const endpoint = await startEndpoint();
    const secret = { OTEL_EXPORTER_OTLP_HEADERS: "authorization=secret" };
    const target = { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint.url, ...secret };
    const ended = await run("family.mjs", { env: { ...target, ...env } });
    endpoint.close();
    expect({ ...ended, posted: endpoint.posted }).toEqual({
      status: 0,
      stderr: "",
      output: undefined,
      posted: [
        { path: "/v1/traces", contentType, authorization: "secret", bytes: expect.any(Number) },
      ],
    });
  });

  it.each([
    ["OTEL_SDK_DISABLED", "true"],
    ["OTEL_TRACES_EXPORTER", "none"],
    ["OTEL_TRACES_SAMPLER", "always_off"],
  ])("sends nothing with %s=%s", async (name, value) => {
    const env = { [name]: value, OTEL_LOG_LEVEL: "error" };
    const { spans, ...ended } = await runAndReceive("family.mjs", { env });
    expect({ ...ended, spans }).toEqual({ status: 0, stderr: "", output: undefined, spans: [] });
  });

  it.each([
    ["silent", "500"],
    ["absent", "3000"],
    ["absent", "0"],
  ])(
    "counts on the console what a SIGTERM could not send, its own spans included: a %s endpoint, %s ms",
    async (kind, limit) => {
      const endpoint = await startEndpoint({ isSilent: true });
      const env = {
        OTEL_EXPORTER_OTLP_ENDPOINT: kind === "silent" ? endpoint.url : "http://127.0.0.1:1",
        OTEL_LIFECYCLE_SHUTDOWN_TIMEOUT: limit,
      };
      const { status, stderr } = await run("terminated.mjs", { env });
      endpoint.close();
      expect({ status, lines: stderr.match(/^.*could not be sent.*$/gm) }).toEqual({
        status: null,
        lines: [expect.stringContaining(`4 spans could not be sent within ${limit} ms`)],
      });
    },
  );

  it("loses none of 20,000 spans that end in one turn", async () => {
    const { spans, output } = await runAndReceive("mass.mjs", { env: { COUNT: "20000" } });
    expect({ output, spans: spans.length }).toEqual({
      output: { unsent: 20_000, after: 0 },
      spans: 20_000,
    });
  });
});
