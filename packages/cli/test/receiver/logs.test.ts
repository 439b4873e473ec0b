import { gzipSync } from "node:zlib";
import { SeverityNumber } from "@opentelemetry/api-logs";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-http";
import { ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import {
  BatchLogRecordProcessor,
  LoggerProvider,
  type LogRecordExporter,
  type ReadableLogRecord,
} from "@opentelemetry/sdk-logs";
import { afterEach, expect, test } from "vitest";
import { type Receiver, type ReceiverOptions, startReceiver } from "../../src/index.ts";
import { parseLogs } from "../../src/otlp/log-request.ts";
import { DISCONNECT, DISPOSED, logsLine } from "../incident-fixtures.ts";
import { completedRun, otlpLine } from "../otlp-builder.ts";
import { saidBy } from "../otlp-json.ts";
import { chunk, fields, fixed64, statusIn } from "../protobuf-builder.ts";

const JSON_TYPE = "application/json";
const PROTOBUF_TYPE = "application/x-protobuf";
const LINE = logsLine(DISCONNECT);

const running: Receiver[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((receiver) => receiver.close()));
});

async function started(options: ReceiverOptions = {}): Promise<Receiver> {
  const receiver = await startReceiver({ port: 0, ...options });
  running.push(receiver);
  return receiver;
}

interface Post {
  readonly path?: string;
  readonly method?: string;
  readonly type?: string;
  readonly headers?: Record<string, string>;
}

async function post(receiver: Receiver, body: string | Uint8Array, options: Post = {}) {
  const { path = "/v1/logs", method = "POST", type = JSON_TYPE, headers = {} } = options;
  const response = await fetch(`${receiver.url}${path}`, {
    method,
    headers: { "Content-Type": type, ...headers },
    body,
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  if (type === JSON_TYPE)
    return { status: response.status, body: JSON.parse(Buffer.from(bytes).toString()) };
  return { status: response.status, body: statusIn(bytes) };
}

/** A request of exactly so many bytes. */
function requestOfBytes(bytes: number): string {
  const padded = { resourceLogs: [], padding: "" };
  const rest = bytes - JSON.stringify(padded).length;
  return JSON.stringify({ ...padded, padding: "x".repeat(rest) });
}

test("logs are kept as received, beside the traces", async () => {
  const receiver = await started();
  const spans = otlpLine(completedRun(1, "r1"));
  expect(await post(receiver, LINE)).toEqual({ status: 200, body: {} });
  expect(await post(receiver, spans, { path: "/v1/traces" })).toEqual({ status: 200, body: {} });
  expect([receiver.logRequests, receiver.requests]).toEqual([[LINE], [spans]]);
  expect(receiver.account().runs).toMatchObject([{ type: "completed", id: "r1" }]);
});

test("a gzip body is decompressed", async () => {
  const receiver = await started();
  const headers = { "Content-Encoding": "gzip" };
  expect((await post(receiver, gzipSync(LINE), { headers })).status).toBe(200);
  expect(receiver.logRequests).toEqual([LINE]);
});

test("the incidents of the SDK's exporters are the same in both encodings", async () => {
  const receiver = await started();
  const serialized: Uint8Array[] = [];
  const inProtobuf: LogRecordExporter = {
    export: (records: ReadableLogRecord[], done) => {
      serialized.push(ProtobufLogsSerializer.serializeRequest(records) ?? new Uint8Array());
      done({ code: 0 });
    },
    forceFlush: async () => undefined,
    shutdown: async () => undefined,
  };
  const exporters = [new OTLPLogExporter({ url: `${receiver.url}/v1/logs` }), inProtobuf];
  const provider = new LoggerProvider({
    processors: exporters.map((exporter) => new BatchLogRecordProcessor({ exporter })),
  });
  const logger = provider.getLogger("@otel-lifecycle/sdk", "0.1.0");
  for (const incident of [DISCONNECT, DISPOSED])
    logger.emit({
      eventName: "lifecycle.run.incident",
      severityNumber: SeverityNumber.WARN,
      // As its type has no readonly lists.
      body: JSON.parse(JSON.stringify(incident)),
    });
  logger.emit({ eventName: "lifecycle.run.evidence", body: { order: 1 } });
  logger.emit({ body: "a line of the application's" });
  await provider.shutdown();
  for (const bytes of serialized)
    expect((await post(receiver, bytes, { type: PROTOBUF_TYPE })).status).toBe(200);

  const [json, protobuf, ...more] = receiver.logRequests.map((request) => JSON.parse(request));
  expect(more).toEqual([]);
  expect(saidBy(protobuf)).toEqual(saidBy(json));
  const incidents = { type: "logs", incidents: [DISCONNECT, DISPOSED] };
  expect([parseLogs(json), parseLogs(protobuf)]).toEqual([incidents, incidents]);
});

test.each([
  ["garbage text", "hello", "not an OTLP logs request: it is not valid JSON"],
  ["other JSON", '{"a":1}', "not an OTLP logs request: it has no resourceLogs"],
  ["no list", '{"resourceLogs":1}', "not an OTLP logs request: resourceLogs is not a list"],
  ["traces", '{"resourceSpans":[]}', "this is another signal than logs"],
])("%s is a 400", async (_, body, message) => {
  const receiver = await started();
  expect(await post(receiver, body)).toEqual({ status: 400, body: { code: 3, message } });
  expect(receiver.logRequests).toEqual([]);
});

test.each([
  ["garbage", Buffer.from("hello"), "it is not valid protobuf"],
  [
    "a span",
    chunk(1, chunk(2, chunk(2, fields(chunk(1, Buffer.alloc(16)), fixed64(7, 1n))))),
    "timeUnixNano of LogRecord has wire type 2",
  ],
])("%s in protobuf is a 400", async (_, bytes, reason) => {
  const receiver = await started();
  expect(await post(receiver, bytes, { type: PROTOBUF_TYPE })).toEqual({
    status: 400,
    body: { code: 3, message: `not an OTLP logs request: ${reason}` },
  });
  expect(receiver.logRequests).toEqual([]);
});

test("another method is a 405", async () => {
  const receiver = await started();
  expect(await post(receiver, LINE, { method: "PUT" })).toEqual({
    status: 405,
    body: { code: 12, message: "logs go to POST /v1/logs" },
  });
});

test("the body limit accepts its own size and refuses one byte more, as sent and decompressed", async () => {
  const receiver = await started({ maxBodyBytes: 2000 });
  const [full, over] = [requestOfBytes(2000), requestOfBytes(2001)];
  const tooLarge = {
    status: 413,
    body: {
      code: 8,
      message: "the body is larger than 2000 bytes; lower OTEL_BLRP_MAX_EXPORT_BATCH_SIZE",
    },
  };
  const headers = { "Content-Encoding": "gzip" };
  expect((await post(receiver, full)).status).toBe(200);
  expect(await post(receiver, over)).toEqual(tooLarge);
  expect((await post(receiver, gzipSync(full), { headers })).status).toBe(200);
  expect(await post(receiver, gzipSync(over), { headers })).toEqual(tooLarge);
});

test("a gzip bomb is a 413", async () => {
  const receiver = await started({ maxBodyBytes: 100_000 });
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  expect(bomb.length).toBeLessThan(100_000);
  const headers = { "Content-Encoding": "gzip" };
  expect((await post(receiver, bomb, { headers })).status).toBe(413);
});

test("logs have a bound of their own: they take no room from traces", async () => {
  const spans = otlpLine(completedRun(1, "r1"));
  const receiver = await started({ maxKeptCharacters: Math.max(LINE.length, spans.length) });
  for (const body of [LINE, LINE]) await post(receiver, body);
  await post(receiver, spans, { path: "/v1/traces" });
  expect({
    logRequests: receiver.logRequests,
    logRequestsLeftOut: receiver.logRequestsLeftOut,
    requests: receiver.requests,
    requestsLeftOut: receiver.requestsLeftOut,
  }).toEqual({
    logRequests: [LINE],
    logRequestsLeftOut: 1,
    requests: [spans],
    requestsLeftOut: 0,
  });
});

test("onRequest is told the signal, and its failure is a 503 that keeps nothing", async () => {
  const given: (readonly [string, string])[] = [];
  const receiver = await started({
    onRequest: (json, signal) => {
      given.push([signal, json]);
      if (given.length === 1) throw new Error("no space left");
    },
  });
  expect(await post(receiver, LINE)).toEqual({
    status: 503,
    body: { code: 14, message: "the request could not be kept: no space left" },
  });
  expect(receiver.logRequests).toEqual([]);
  expect((await post(receiver, LINE)).status).toBe(200);
  expect([given, receiver.logRequests]).toEqual([
    [
      ["logs", LINE],
      ["logs", LINE],
    ],
    [LINE],
  ]);
});
