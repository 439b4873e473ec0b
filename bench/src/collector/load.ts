import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SpanKind, trace } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { createScope, type Run, withAction, withRun } from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";

/** Requests as our SDK and its exporter make them (OTLP, protobuf, uncompressed), made once. */
export interface Load {
  readonly bodies: readonly Buffer[];
  readonly spans: number;
  readonly traces: number;
  /** The spans of them that are evidence. */
  readonly evidence: number;
}

/** Spans below the root of an ordinary trace: calls to a database and to another service. */
const CALLS = 9;
/** Of the traces, one in so many is an agent run that a reload interrupts: 5 % of the spans. */
const INTERRUPTED_EACH = 8;
/** Runs that one reload interrupts. */
const PER_RELOAD = 25;

/** Makes about so many spans; registers a provider for good, which only a bench may. */
export const makeLoad = async (spans: number): Promise<Load> => {
  const capture = await startCapture();
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes(RESOURCE),
    spanProcessors: [
      new LifecycleSpanProcessor(),
      new BatchSpanProcessor(new OTLPTraceExporter({ url: `${capture.url}/v1/traces` }), {
        maxQueueSize: 1_000_000,
        maxExportBatchSize: 512,
        scheduledDelayMillis: 100,
      }),
    ],
  });
  provider.register();
  const count = countOf();
  const traces = Math.round(spans / (CALLS + 1.4));
  for (let done = 0; done < traces; done += PER_RELOAD * INTERRUPTED_EACH) {
    for (let at = 0; at < PER_RELOAD * (INTERRUPTED_EACH - 1); at += 1) answerRequest(count);
    await reload(count);
    await provider.forceFlush();
  }
  await provider.shutdown();
  await capture.close();
  return { bodies: capture.bodies, ...count };
};

interface Count {
  spans: number;
  traces: number;
  evidence: number;
}

const countOf = (): Count => ({ spans: 0, traces: 0, evidence: 0 });

/** A request that completes. */
const answerRequest = (count: Count): void => {
  const tracer = trace.getTracer("http", "1.0.0");
  const options = { kind: SpanKind.SERVER, attributes: REQUEST, root: true };
  tracer.startActiveSpan("GET /users/:id", options, (root) => {
    for (let call = 0; call < CALLS; call += 1) makeCall(call);
    root.end();
  });
  count.traces += 1;
  count.spans += CALLS + 1;
};

/** Agent runs with a call in flight each, which one action interrupts. */
const reload = async (count: Count): Promise<void> => {
  const scope = createScope({ kind: "instance" });
  const runs = Array.from({ length: PER_RELOAD }, () =>
    withRun({ name: "agent run", scope }, work).catch(() => undefined),
  );
  await withAction({ kind: "reload", scope, trigger: "http" }, (action) => action.asked);
  await Promise.all(runs);
  // The action's span is ended once the runs are.
  await new Promise((resolve) => setImmediate(resolve));
  count.traces += PER_RELOAD + 1;
  // A run, what was in flight below it and its interrupt span; the calls before; the action.
  count.evidence += 3 * PER_RELOAD + 1;
  count.spans += (3 + CALLS) * PER_RELOAD + 1;
};

const work = async (run: Run): Promise<never> => {
  for (let call = 0; call < CALLS; call += 1) makeCall(call);
  const model = trace.getTracer("model").startSpan("chat model", { kind: SpanKind.CLIENT });
  await new Promise((resolve) => run.signal.addEventListener("abort", resolve, { once: true }));
  model.end();
  throw run.signal.reason;
};

const makeCall = (call: number): void => {
  const tracer = trace.getTracer("client", "1.0.0");
  const isQuery = call % 2 === 0;
  tracer
    .startSpan(isQuery ? "SELECT users" : "GET", {
      kind: SpanKind.CLIENT,
      attributes: isQuery ? QUERY : CALL,
    })
    .end();
};

/** Takes what an exporter sends. */
const startCapture = async () => {
  const bodies: Buffer[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    bodies.push(Buffer.concat(chunks));
    response.setHeader("content-type", "application/x-protobuf").end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url: `http://127.0.0.1:${port}`, bodies, close };
};

const RESOURCE = {
  "service.name": "shop",
  "service.version": "1.2.3",
  "service.instance.id": "6f1c1c2e-8a0b-4a43-9a0e-6f4d2a7f9d11",
  "deployment.environment.name": "production",
  "process.pid": 4711,
};

const REQUEST = {
  "http.request.method": "GET",
  "http.route": "/users/:id",
  "http.response.status_code": 200,
  "url.path": "/users/4711",
  "url.scheme": "https",
  "server.address": "shop.example.com",
  "network.protocol.version": "1.1",
  "client.address": "192.0.2.17",
  "user_agent.original": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
};

const QUERY = {
  "db.system.name": "postgresql",
  "db.namespace": "shop",
  "db.operation.name": "SELECT",
  "db.collection.name": "users",
  "db.query.text": "SELECT id, name, plan FROM users WHERE id = $1 AND deleted_at IS NULL",
  "server.address": "db.internal",
  "server.port": 5432,
};

const CALL = {
  "http.request.method": "GET",
  "http.response.status_code": 200,
  "url.full": "https://stock.internal/v2/articles/4711?fields=price,amount",
  "server.address": "stock.internal",
  "server.port": 443,
  "network.protocol.version": "1.1",
};
