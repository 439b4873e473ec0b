import { type Attributes, context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter as JsonExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { OTLPTraceExporter as ProtobufExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { createScope, startRun, withAction } from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { afterEach, expect, test, vi } from "vitest";
import { startReceiver } from "../../src/index.ts";
import { saidBy } from "../otlp-json.ts";

afterEach(() => {
  vi.unstubAllEnvs();
  trace.disable();
  context.disable();
});

// The API's type does not permit all that the SDK exports: maps, bytes, lists in lists.
const EVERY_KIND = {
  text: "Läufer 🏃 \u0000\u2028",
  empty: "",
  truth: false,
  integer: -(2 ** 53),
  double: 0.1,
  endless: Number.POSITIVE_INFINITY,
  none: Number.NaN,
  texts: ["a", "🏃"],
  numbers: [1, 2.5],
  nothing: [],
  bytes: Uint8Array.of(0, 128, 255),
  map: { inner: { list: [[1], { deep: true }] } },
} as unknown as Attributes;

function disposal(): void {
  const tracer = trace
    .getTracerProvider()
    .getTracer("host", "1.2.3", { schemaUrl: "https://example.com/1" });
  const scope = createScope({ kind: "instance" });
  const origin = tracer.startSpan("origin", { kind: SpanKind.SERVER });
  const runs = ["r1", "Läufer"].map((name, n) => startRun({ name, id: `run-${n}`, scope }));
  tracer.startActiveSpan(
    "host",
    { links: [{ context: origin.spanContext(), attributes: EVERY_KIND }] },
    (span) => {
      span.setAttributes(EVERY_KIND).addEvent("dröhnt", EVERY_KIND, [1_700_000_000, 1]);
      withAction(
        { kind: "dispose_all", scope, trigger: "http", operation: "POST /x" },
        () => undefined,
      );
      span.setStatus({ code: SpanStatusCode.ERROR, message: "ärgerlich" }).end();
    },
  );
  for (const run of runs) run.fail(run.signal.reason);
  startRun({ name: "done", id: "run-2", scope }).end();
  origin.end();
}

test.each([["none"], ["gzip"]])(
  "the account of the same spans is the same in both encodings, compression %s",
  async (compression) => {
    vi.stubEnv("OTEL_EXPORTER_OTLP_COMPRESSION", compression);
    const [inJson, inProtobuf] = await Promise.all([
      startReceiver({ port: 0 }),
      startReceiver({ port: 0 }),
    ]);
    const exporters = [
      new JsonExporter({ url: `${inJson.url}/v1/traces` }),
      new ProtobufExporter({ url: `${inProtobuf.url}/v1/traces` }),
    ];
    const provider = new NodeTracerProvider({
      resource: resourceFromAttributes(
        { "service.name": "agent" },
        { schemaUrl: "https://example.com/2" },
      ),
      spanProcessors: [
        new LifecycleSpanProcessor({ automaticRuns: false }),
        ...exporters.map((exporter) => new BatchSpanProcessor(exporter)),
      ],
    });
    provider.register({ contextManager: new AsyncLocalStorageContextManager() });
    disposal();
    await provider.shutdown();
    await Promise.all([inJson.close(), inProtobuf.close()]);

    expect(inProtobuf.spans).toEqual(inJson.spans);
    const account = inProtobuf.account();
    expect(account).toEqual(inJson.account());
    expect(account.actions).toMatchObject([{ kind: "dispose_all", operation: "POST /x" }]);
    expect(account.runs.map(({ id, type }) => [id, type]).sort()).toEqual([
      ["run-0", "closed"],
      ["run-1", "closed"],
      ["run-2", "completed"],
    ]);
    const [json, protobuf] = [inJson, inProtobuf].map(({ requests }) =>
      requests.map((request) => saidBy(JSON.parse(request))),
    );
    expect(protobuf).toEqual(json);
  },
);
