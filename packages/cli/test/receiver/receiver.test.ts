import { once } from "node:events";
import { createServer } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { accountOf, type Receiver, type ReceiverOptions, startReceiver } from "../../src/index.ts";
import { DISPOSAL } from "../disposal.ts";
import { completedRun, otlpLine } from "../otlp-builder.ts";
import { spansOf } from "../spans.ts";
import { rawAnswer, rawConnection } from "./raw-socket.ts";

const JSON_TYPE = { "Content-Type": "application/json" };
const ONE_RUN = otlpLine(completedRun(1, "r1"));

const running: Receiver[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((receiver) => receiver.close()));
});

async function started(options: ReceiverOptions = {}): Promise<Receiver> {
  const receiver = await startReceiver({ port: 0, ...options });
  running.push(receiver);
  return receiver;
}

async function post(
  receiver: Receiver,
  body: string | Uint8Array,
  headers: Record<string, string> = JSON_TYPE,
) {
  const response = await fetch(`${receiver.url}/v1/traces`, { method: "POST", headers, body });
  return { status: response.status, body: await response.json() };
}

/** A valid request of exactly so many bytes. */
function requestOfBytes(bytes: number): string {
  return ONE_RUN.replace("agent run", "x".repeat(bytes - ONE_RUN.length + "agent run".length));
}

test("a request is kept as received, and its spans make the account", async () => {
  const receiver = await started();
  const pretty = JSON.stringify(JSON.parse(otlpLine(...DISPOSAL)), null, 2);
  expect(await post(receiver, pretty)).toEqual({ status: 200, body: {} });
  expect(receiver.requests).toEqual([pretty]);
  expect(receiver.spans).toEqual(spansOf(...DISPOSAL));
  expect(receiver.account()).toEqual(accountOf(spansOf(...DISPOSAL)));
});

test("the answer is JSON", async () => {
  const receiver = await started();
  const response = await fetch(`${receiver.url}/v1/traces`, {
    method: "POST",
    headers: JSON_TYPE,
    body: "{}",
  });
  expect([response.headers.get("content-type"), await response.text()]).toEqual([
    "application/json",
    "{}",
  ]);
});

test("a gzip body is decompressed", async () => {
  const receiver = await started();
  const headers = { ...JSON_TYPE, "Content-Encoding": "gzip" };
  expect(await post(receiver, gzipSync(ONE_RUN), headers)).toEqual({ status: 200, body: {} });
  expect(receiver.requests).toEqual([ONE_RUN]);
});

test("a request that is delivered twice counts once", async () => {
  const receiver = await started();
  await post(receiver, ONE_RUN);
  await post(receiver, ONE_RUN);
  expect([receiver.requests.length, receiver.spans.length]).toEqual([2, 1]);
});

test.each([
  ["Application/JSON; charset=utf-8", "identity"],
  ["application/json", "GZIP"],
])("Content-Type %s and Content-Encoding %s are understood", async (type, encoding) => {
  const body = encoding === "GZIP" ? gzipSync(ONE_RUN) : ONE_RUN;
  const receiver = await started();
  expect(
    await post(receiver, body, { "Content-Type": type, "Content-Encoding": encoding }),
  ).toEqual({
    status: 200,
    body: {},
  });
});

test.each([
  ["garbage bytes", Buffer.from([0, 255, 254, 1, 128]), "the body is not valid UTF-8"],
  ["garbage text", "hello", "not an OTLP trace request: it is not valid JSON"],
  ["nothing", "", "not an OTLP trace request: it is not valid JSON"],
  ["half a document", ONE_RUN.slice(0, -10), "not an OTLP trace request: it is not valid JSON"],
  ["a list", "[]", "not an OTLP trace request: it is not a JSON object"],
  ["other JSON", '{"a":1}', "not an OTLP trace request: it has no resourceSpans"],
  ["logs", '{"resourceLogs":[]}', "this is another signal than traces"],
])("%s is a 400", async (_, body, message) => {
  const receiver = await started();
  expect(await post(receiver, body)).toEqual({ status: 400, body: { code: 3, message } });
  expect([receiver.requests, receiver.spans]).toEqual([[], []]);
});

test.each([
  ["garbage", Buffer.from("hello"), "the body is not valid gzip"],
  ["cut off", gzipSync(ONE_RUN).subarray(0, -20), "the gzip body is cut off before its end"],
  ["empty", Buffer.alloc(0), "the gzip body is cut off before its end"],
])("gzip that is %s is a 400", async (_, body, message) => {
  const receiver = await started();
  expect(await post(receiver, body, { ...JSON_TYPE, "Content-Encoding": "gzip" })).toEqual({
    status: 400,
    body: { code: 3, message },
  });
});

test.each([
  [
    { "Content-Type": "text/plain" },
    "the Content-Type must be application/x-protobuf or application/json",
  ],
  [{ ...JSON_TYPE, "Content-Encoding": "br" }, "the Content-Encoding must be gzip or identity"],
  [
    { ...JSON_TYPE, "Content-Encoding": "gzip, gzip" },
    "the Content-Encoding must be gzip or identity",
  ],
])("%o is a 415", async (headers, message) => {
  const receiver = await started();
  expect(await post(receiver, ONE_RUN, headers)).toEqual({
    status: 415,
    body: { code: 3, message },
  });
});

test.each([["/"], ["/v1/metrics"], ["/v1/traces/"], ["//"]])(
  "%s is a 404 that names the right path",
  async (path) => {
    const receiver = await started();
    const response = await fetch(`${receiver.url}${path}`, {
      method: "POST",
      headers: JSON_TYPE,
      body: ONE_RUN,
    });
    expect([response.status, await response.json()]).toEqual([
      404,
      { code: 5, message: "nothing is here: traces go to POST /v1/traces, logs to POST /v1/logs" },
    ]);
  },
);

test("another method is a 405 that says which is allowed", async () => {
  const receiver = await started();
  const response = await fetch(`${receiver.url}/v1/traces`);
  expect([response.status, response.headers.get("allow"), await response.json()]).toEqual([
    405,
    "POST",
    { code: 12, message: "traces go to POST /v1/traces" },
  ]);
});

test("the body limit accepts its own size and refuses one byte more, as sent", async () => {
  const receiver = await started({ maxBodyBytes: 2000 });
  const message = "the body is larger than 2000 bytes; lower OTEL_BSP_MAX_EXPORT_BATCH_SIZE";
  expect(await post(receiver, requestOfBytes(2000))).toEqual({ status: 200, body: {} });
  expect(await post(receiver, requestOfBytes(2001))).toEqual({
    status: 413,
    body: { code: 8, message },
  });
});

test("the body limit accepts its own size and refuses one byte more, decompressed", async () => {
  const receiver = await started({ maxBodyBytes: 2000 });
  const headers = { ...JSON_TYPE, "Content-Encoding": "gzip" };
  expect((await post(receiver, gzipSync(requestOfBytes(2000)), headers)).status).toBe(200);
  expect((await post(receiver, gzipSync(requestOfBytes(2001)), headers)).status).toBe(413);
});

test("a gzip bomb is a 413", async () => {
  const receiver = await started({ maxBodyBytes: 100_000 });
  const bomb = gzipSync(Buffer.alloc(50_000_000));
  expect(bomb.length).toBeLessThan(100_000);
  expect((await post(receiver, bomb, { ...JSON_TYPE, "Content-Encoding": "gzip" })).status).toBe(
    413,
  );
});

test("a claim of 1 GB is refused at once, with one answer, before any of it comes", async () => {
  const receiver = await started();
  const socket = await rawConnection(
    receiver.port,
    "POST /v1/traces HTTP/1.1",
    "Host: localhost",
    "Content-Type: application/json",
    "Content-Length: 1000000000",
    "",
    "",
  );
  expect(await rawAnswer(socket)).toEqual({
    status: 413,
    body: {
      code: 8,
      message: "the body is larger than 16777216 bytes; lower OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
    },
  });
});

test("a client that asks before it sends 1 GB is told not to", async () => {
  const receiver = await started();
  const socket = await rawConnection(
    receiver.port,
    "POST /v1/traces HTTP/1.1",
    "Host: localhost",
    "Content-Type: application/json",
    "Content-Length: 1000000000",
    "Expect: 100-continue",
    "",
    "",
  );
  expect((await rawAnswer(socket)).status).toBe(413);
});

test("a client that asks before it sends little is told to go on", async () => {
  const receiver = await started();
  const socket = await rawConnection(
    receiver.port,
    "POST /v1/traces HTTP/1.1",
    "Host: localhost",
    "Content-Type: application/json",
    `Content-Length: ${ONE_RUN.length}`,
    "Expect: 100-continue",
    "Connection: close",
    "",
    "",
  );
  const [permission] = await once(socket, "data");
  expect(String(permission)).toBe("HTTP/1.1 100 Continue\r\n\r\n");
  socket.write(ONE_RUN);
  expect(await rawAnswer(socket)).toEqual({ status: 200, body: {} });
});

test("endless chunks are refused at the limit", async () => {
  const receiver = await started({ maxBodyBytes: 1000 });
  const socket = await rawConnection(
    receiver.port,
    "POST /v1/traces HTTP/1.1",
    "Host: localhost",
    "Content-Type: application/json",
    "Transfer-Encoding: chunked",
    "",
    "3e9",
    `${"x".repeat(1001)}`,
    "",
  );
  expect((await rawAnswer(socket)).status).toBe(413);
});

test.each([
  ["chunked", "Transfer-Encoding: chunked", "5\r\nhello\r\n"],
  ["of a claimed length", "Content-Length: 100", "hello"],
])("a truncated body, %s, is a 400", async (_, header, sent) => {
  const receiver = await started();
  const socket = await rawConnection(
    receiver.port,
    "POST /v1/traces HTTP/1.1",
    "Host: localhost",
    "Content-Type: application/json",
    header,
    "",
    sent,
  );
  socket.end();
  expect(await rawAnswer(socket)).toEqual({
    status: 400,
    body: { code: 3, message: "the request is cut off before its end" },
  });
});

test("what is not HTTP is a 400", async () => {
  const receiver = await started();
  const socket = await rawConnection(receiver.port, "\u0016\u0003\u0001 hello", "", "");
  expect(await rawAnswer(socket)).toEqual({
    status: 400,
    body: { code: 3, message: "this is not an HTTP request" },
  });
});

test("headers without end are a 431", async () => {
  const receiver = await started();
  const socket = await rawConnection(
    receiver.port,
    "POST /v1/traces HTTP/1.1",
    `X: ${"x".repeat(20_000)}`,
  );
  expect((await rawAnswer(socket)).status).toBe(431);
});

test("a client that stalls is let go", async () => {
  const receiver = await started({ requestTimeoutMs: 50 });
  const socket = await rawConnection(
    receiver.port,
    "POST /v1/traces HTTP/1.1",
    "Host: localhost",
    "Content-Type: application/json",
    "Content-Length: 100",
    "",
    "hel",
  );
  expect(await rawAnswer(socket)).toEqual({
    status: 408,
    body: { code: 4, message: "the request took too long to arrive" },
  });
});

test("it goes on after a client that vanished", async () => {
  const receiver = await started();
  const socket = await rawConnection(
    receiver.port,
    "POST /v1/traces HTTP/1.1",
    "Host: localhost",
    "Content-Type: application/json",
    "Content-Length: 100",
    "",
    "hel",
  );
  socket.resetAndDestroy();
  await once(socket, "close");
  expect((await post(receiver, ONE_RUN)).status).toBe(200);
});

test("spans without ids and spans beyond the bound make a partial success", async () => {
  const receiver = await started({ maxSpans: 2 });
  const [r1, r2, r3] = [completedRun(1, "r1"), completedRun(2, "r2"), completedRun(3, "r3")];
  expect(await post(receiver, otlpLine({ ...r1, number: 0 }, r1, r2))).toEqual({
    status: 200,
    body: {
      partialSuccess: { rejectedSpans: "1", errorMessage: "a span needs a trace id and a span id" },
    },
  });
  expect(await post(receiver, otlpLine(r2, r3))).toEqual({
    status: 200,
    body: { partialSuccess: { rejectedSpans: "1", errorMessage: "this receiver is full" } },
  });
  expect(receiver.account().runs.map(({ id }) => id)).toEqual(["r1", "r2"]);
});

test("requests beyond their bound are counted, and their spans kept", async () => {
  const two = otlpLine(completedRun(2, "r2"));
  const receiver = await started({ maxKeptCharacters: ONE_RUN.length + two.length - 1 });
  await post(receiver, ONE_RUN);
  await post(receiver, two);
  expect([receiver.requests, receiver.requestsLeftOut, receiver.spans.length]).toEqual([
    [ONE_RUN],
    1,
    2,
  ]);
});

test("onRequest is given each body, and its failure is a 503 that keeps nothing", async () => {
  const given: string[] = [];
  const receiver = await started({
    onRequest: (json) => {
      given.push(json);
      if (given.length === 1) throw new Error("no space left");
    },
  });
  expect(await post(receiver, ONE_RUN)).toEqual({
    status: 503,
    body: { code: 14, message: "the request could not be kept: no space left" },
  });
  expect([receiver.requests, receiver.spans]).toEqual([[], []]);
  expect((await post(receiver, ONE_RUN)).status).toBe(200);
  expect([given, receiver.requests]).toEqual([[ONE_RUN, ONE_RUN], [ONE_RUN]]);
});

test("a port in use is Node's own error", async () => {
  const { port } = await started();
  await expect(startReceiver({ port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test("after close the port is free, also if a client is in the middle of a request", async () => {
  const receiver = await started();
  const socket = await rawConnection(
    receiver.port,
    "POST /v1/traces HTTP/1.1",
    "Content-Length: 100",
    "",
    "hel",
  );
  socket.on("error", () => undefined);
  await Promise.all([receiver.close(), receiver.close()]);
  const server = createServer().listen(receiver.port, "127.0.0.1");
  await once(server, "listening");
  server.close();
  socket.destroy();
});

test("it listens on loopback unless told otherwise, and on IPv6 if told", async () => {
  expect((await started()).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  const six = await started({ host: "::1" });
  expect(six.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
  expect((await post(six, ONE_RUN)).status).toBe(200);
});
