import { gzipSync } from "node:zlib";
import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import {
  accountOf,
  parseRequest,
  type Receiver,
  type ReceiverOptions,
  startReceiver,
} from "../../src/index.ts";
import { TRACE_ID } from "../otlp-builder.ts";
import { chunk, fields, fixed64, requestOf, runFields, statusIn } from "../protobuf-builder.ts";
import { rawBytes, rawConnection } from "./raw-socket.ts";

const MEDIA_TYPE = "application/x-protobuf";
const ONE_RUN = requestOf(runFields(), chunk(5, "agent run"), fixed64(7, 2n));
const IN_JSON = {
  resourceSpans: [
    {
      scopeSpans: [
        {
          spans: [
            {
              traceId: TRACE_ID,
              spanId: "0000000000000003",
              attributes: [
                { key: "lifecycle.run.id", value: { stringValue: "r1" } },
                { key: "lifecycle.run.result", value: { stringValue: "completed" } },
              ],
              name: "agent run",
              startTimeUnixNano: "2",
            },
          ],
        },
      ],
    },
  ],
};

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
  readonly headers?: Record<string, string>;
}

async function post(receiver: Receiver, body: Uint8Array, options: Post = {}) {
  const { path = "/v1/traces", method = "POST", headers = {} } = options;
  const response = await fetch(`${receiver.url}${path}`, {
    method,
    headers: { "Content-Type": MEDIA_TYPE, ...headers },
    body,
  });
  expect(response.headers.get("content-type")).toBe(MEDIA_TYPE);
  return { status: response.status, bytes: new Uint8Array(await response.arrayBuffer()) };
}

/** What is answered to a request that is refused. */
async function refusalOf(receiver: Receiver, body: Uint8Array, options: Post = {}) {
  const { status, bytes } = await post(receiver, body, options);
  return { status, body: statusIn(bytes) };
}

/** A valid request of exactly so many bytes, which has to be 3 digits or more. */
function requestOfBytes(bytes: number): Uint8Array {
  const padded = (length: number) => requestOf(runFields(), chunk(5, "x".repeat(length)));
  const length = 2 * bytes - padded(bytes).length;
  return padded(length);
}

test("a request is kept in JSON, and its spans make the account", async () => {
  const receiver = await started();
  expect(await post(receiver, ONE_RUN)).toEqual({ status: 200, bytes: new Uint8Array() });
  expect(receiver.requests.map((json) => JSON.parse(json))).toEqual([IN_JSON]);
  const parsed = parseRequest(ONE_RUN);
  expect({ type: "traces", spans: receiver.spans, rejected: 0 }).toEqual(parsed);
  expect(receiver.account()).toEqual(accountOf(receiver.spans));
  expect(receiver.account().runs).toMatchObject([{ type: "completed", id: "r1" }]);
});

test("onRequest is given JSON, and its failure is a 503 that keeps nothing", async () => {
  const given: string[] = [];
  const receiver = await started({
    onRequest: (json) => {
      given.push(json);
      if (given.length === 1) throw new Error("no space left");
    },
  });
  expect(await refusalOf(receiver, ONE_RUN)).toEqual({
    status: 503,
    body: { code: 14, message: "the request could not be kept: no space left" },
  });
  expect((await post(receiver, ONE_RUN)).status).toBe(200);
  expect(given.map((json) => JSON.parse(json))).toEqual([IN_JSON, IN_JSON]);
});

test("a gzip body is decompressed", async () => {
  const receiver = await started();
  const headers = { "Content-Encoding": "gzip" };
  expect((await post(receiver, gzipSync(ONE_RUN), { headers })).status).toBe(200);
  expect(receiver.requests.map((json) => JSON.parse(json))).toEqual([IN_JSON]);
});

test("no bytes are a request without spans", async () => {
  const receiver = await started();
  expect((await post(receiver, new Uint8Array())).status).toBe(200);
  expect([receiver.requests, receiver.spans]).toEqual([["{}"], []]);
});

test("a span that comes in both encodings counts once", async () => {
  const receiver = await started();
  await post(receiver, ONE_RUN);
  const response = await fetch(`${receiver.url}/v1/traces`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(IN_JSON),
  });
  expect([response.status, await response.json()]).toEqual([200, {}]);
  expect([receiver.requests.length, receiver.spans.length]).toEqual([2, 1]);
});

test("spans without ids and spans beyond the bound make a partial success", async () => {
  const receiver = await started({ maxSpans: 1 });
  const twoRuns = chunk(
    1,
    chunk(2, fields(chunk(2, runFields()), chunk(2, runFields("0000000000000000")))),
  );
  const first = await post(receiver, twoRuns);
  const second = await post(receiver, requestOf(runFields("0000000000000004")));
  expect([first.status, second.status]).toEqual([200, 200]);
  expect(
    [first, second].map(({ bytes }) => ProtobufTraceSerializer.deserializeResponse(bytes)),
  ).toEqual([
    { partialSuccess: { rejectedSpans: 1, errorMessage: "a span needs a trace id and a span id" } },
    { partialSuccess: { rejectedSpans: 1, errorMessage: "this receiver is full" } },
  ]);
});

test.each([
  ["garbage", Buffer.from("hello"), "not an OTLP trace request: it is not valid protobuf"],
  ["JSON", Buffer.from("{}"), "not an OTLP trace request: it is not valid protobuf"],
  [
    "half a request",
    ONE_RUN.subarray(0, -9),
    "not an OTLP trace request: ResourceSpans is longer than what is around it",
  ],
  [
    "a log",
    chunk(1, chunk(2, chunk(2, fixed64(1, 1n)))),
    "not an OTLP trace request: traceId of Span has wire type 1",
  ],
])("%s is a 400", async (_, body, message) => {
  const receiver = await started();
  expect(await refusalOf(receiver, body)).toEqual({ status: 400, body: { code: 3, message } });
  expect([receiver.requests, receiver.spans]).toEqual([[], []]);
});

test.each([
  [
    "another signal's path",
    { path: "/v1/metrics" },
    404,
    5,
    "nothing is here: traces go to POST /v1/traces, logs to POST /v1/logs",
  ],
  [
    "another signal's path",
    { path: "/v1/profiles" },
    404,
    5,
    "nothing is here: traces go to POST /v1/traces, logs to POST /v1/logs",
  ],
  ["another method", { method: "PUT" }, 405, 12, "traces go to POST /v1/traces"],
  [
    "another coding",
    { headers: { "Content-Encoding": "br" } },
    415,
    3,
    "the Content-Encoding must be gzip or identity",
  ],
  [
    "what is no gzip",
    { headers: { "Content-Encoding": "gzip" } },
    400,
    3,
    "the body is not valid gzip",
  ],
])("%s (%o) is a %i in protobuf too", async (_, options, status, code, message) => {
  const receiver = await started();
  expect(await refusalOf(receiver, ONE_RUN, options)).toEqual({ status, body: { code, message } });
});

test("the body limit accepts its own size and refuses one byte more, as sent and decompressed", async () => {
  const receiver = await started({ maxBodyBytes: 2000 });
  const [full, over] = [requestOfBytes(2000), requestOfBytes(2001)];
  expect([full.length, over.length]).toEqual([2000, 2001]);
  const tooLarge = {
    status: 413,
    body: {
      code: 8,
      message: "the body is larger than 2000 bytes; lower OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
    },
  };
  const headers = { "Content-Encoding": "gzip" };
  expect((await post(receiver, full)).status).toBe(200);
  expect(await refusalOf(receiver, over)).toEqual(tooLarge);
  expect((await post(receiver, gzipSync(full), { headers })).status).toBe(200);
  expect(await refusalOf(receiver, gzipSync(over), { headers })).toEqual(tooLarge);
});

test("a gzip bomb is a 413", async () => {
  const receiver = await started({ maxBodyBytes: 100_000 });
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  expect(bomb.length).toBeLessThan(100_000);
  const headers = { "Content-Encoding": "gzip" };
  expect((await refusalOf(receiver, bomb, { headers })).status).toBe(413);
});

test("what all requests hold together may not exceed its bound", async () => {
  const receiver = await started({ maxBodyBytes: 2000, maxBytesInFlight: 2000 });
  const held = await rawConnection(receiver.port, ...head("Content-Length: 1001"), "");
  held.write(requestOfBytes(1001).subarray(0, 1000));
  // There is no other sign that a receiver has read it than that there is less room.
  await expect
    .poll(() => refusalOf(receiver, requestOfBytes(1001)))
    .toEqual({
      status: 503,
      body: {
        code: 14,
        message: "the requests under way hold more than 2000 bytes together; send this one again",
      },
    });
  expect((await post(receiver, requestOfBytes(1000))).status).toBe(200);
  held.destroy();
});

test.each([
  ["cut off", 30_000, 400, { code: 3, message: "the request is cut off before its end" }],
  ["stalling", 50, 408, { code: 4, message: "the request took too long to arrive" }],
])("a request that is %s is answered in protobuf", async (kind, requestTimeoutMs, status, body) => {
  const receiver = await started({ requestTimeoutMs });
  const socket = await rawConnection(receiver.port, ...head("Content-Length: 100"), "hel");
  if (kind === "cut off") socket.end();
  const answer = await rawBytes(socket);
  expect({ ...answer, body: statusIn(answer.body) }).toEqual({
    status,
    contentType: MEDIA_TYPE,
    body,
  });
});

test("bytes at random are answered with 200 or 400", async () => {
  const receiver = await started();
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 60 }), async (bytes) => {
      expect([200, 400]).toContain((await post(receiver, bytes)).status);
    }),
    { numRuns: 200 },
  );
  expect((await post(receiver, ONE_RUN)).status).toBe(200);
});

function head(length: string): readonly string[] {
  return ["POST /v1/traces HTTP/1.1", "Host: localhost", `Content-Type: ${MEDIA_TYPE}`, length, ""];
}
