import { once } from "node:events";
import type { Socket } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, expect, test } from "vitest";
import { type Receiver, type ReceiverOptions, startReceiver } from "../../src/index.ts";
import { completedRun, otlpLine } from "../otlp-builder.ts";
import { rawAnswer, rawConnection } from "./raw-socket.ts";

const ONE_RUN = otlpLine(completedRun(1, "r1"));
const BOUND = 4000;
const HELD = 1500;
const ROOM = BOUND - HELD;
const BUSY = {
  status: 503,
  retryAfter: "1",
  body: {
    code: 14,
    message: "the requests under way hold more than 4000 bytes together; send this one again",
  },
};
const TAKEN = { status: 200, retryAfter: null, body: {} };

const running: Receiver[] = [];
const held: Socket[] = [];

afterEach(async () => {
  for (const socket of held.splice(0)) socket.destroy();
  await Promise.all(running.splice(0).map((receiver) => receiver.close()));
});

async function started(options: ReceiverOptions = {}): Promise<Receiver> {
  const receiver = await startReceiver({
    port: 0,
    maxBodyBytes: BOUND,
    maxBytesInFlight: BOUND,
    ...options,
  });
  running.push(receiver);
  return receiver;
}

async function post(receiver: Receiver, body: string | Uint8Array) {
  const headers = {
    "Content-Type": "application/json",
    ...(typeof body === "string" ? {} : { "Content-Encoding": "gzip" }),
  };
  const response = await fetch(`${receiver.url}/v1/traces`, { method: "POST", headers, body });
  return {
    status: response.status,
    retryAfter: response.headers.get("retry-after"),
    body: await response.json(),
  };
}

/** A valid request of exactly so many bytes. */
function requestOfBytes(bytes: number): string {
  return ONE_RUN.replace("agent run", "x".repeat(bytes - ONE_RUN.length + "agent run".length));
}

/** A request that is under way: so many bytes of its body have come, and the last one has not. */
async function holding(receiver: Receiver, bytes: number): Promise<Socket> {
  const socket = await rawConnection(
    receiver.port,
    "POST /v1/traces HTTP/1.1",
    "Host: localhost",
    "Content-Type: application/json",
    `Content-Length: ${bytes + 1}`,
    "Connection: close",
    "",
    requestOfBytes(bytes + 1).slice(0, -1),
  );
  socket.on("error", () => undefined);
  held.push(socket);
  // There is no other sign that a receiver has read it than that there is less room.
  await expect.poll(() => post(receiver, requestOfBytes(BOUND - bytes + 1))).toEqual(BUSY);
  return socket;
}

test("what all requests hold as received may reach the bound and not exceed it", async () => {
  const receiver = await started();
  await holding(receiver, HELD);
  expect(await post(receiver, requestOfBytes(ROOM))).toEqual(TAKEN);
  expect(await post(receiver, requestOfBytes(ROOM + 1))).toEqual(BUSY);
  expect(await post(receiver, requestOfBytes(ROOM))).toEqual(TAKEN);
});

test("what all requests hold as received and unpacked may reach the bound and not exceed it", async () => {
  const body = gzipSync(requestOfBytes(2000));
  const rest = BOUND - body.length - 2000;
  const roomy = await started();
  await holding(roomy, rest);
  expect(await post(roomy, body)).toEqual(TAKEN);
  const full = await started();
  await holding(full, rest + 1);
  expect(await post(full, body)).toEqual(BUSY);
  expect(await post(full, ONE_RUN)).toEqual(TAKEN);
});

test("a refused request keeps nothing and is accepted when it comes again", async () => {
  const receiver = await started();
  const socket = await holding(receiver, BOUND - ONE_RUN.length + 1);
  const before = receiver.requests.length;
  expect(await post(receiver, ONE_RUN)).toEqual(BUSY);
  expect(receiver.requests.length).toBe(before);
  socket.write("}");
  expect((await rawAnswer(socket)).status).toBe(200);
  expect(await post(receiver, ONE_RUN)).toEqual(TAKEN);
});

test("a client that is refused while it sends gets its answer, and what it still sends is dropped", async () => {
  const receiver = await started();
  await holding(receiver, HELD);
  const body = requestOfBytes(BOUND);
  const socket = await rawConnection(
    receiver.port,
    "POST /v1/traces HTTP/1.1",
    "Host: localhost",
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
    "",
    body.slice(0, ROOM + 1),
  );
  const [answered] = await once(socket, "data");
  expect(String(answered)).toMatch(/^HTTP\/1\.1 503 [\s\S]*\r\nRetry-After: 1\r\n/);
  socket.end(body.slice(ROOM + 1));
  await once(socket, "end");
  expect(await post(receiver, requestOfBytes(ROOM))).toEqual(TAKEN);
});

test("a request alone is only bound by the limit of one body", async () => {
  const receiver = await started({ maxBytesInFlight: 1 });
  expect(await post(receiver, requestOfBytes(BOUND))).toEqual(TAKEN);
  // Beside what it unpacks to it holds what was sent: a 503 would be the same at each retry.
  expect(await post(receiver, gzipSync(requestOfBytes(BOUND)))).toEqual(TAKEN);
  expect((await post(receiver, gzipSync(requestOfBytes(BOUND + 1)))).status).toBe(413);
});

const ANSWERED = async (socket: Socket) => {
  socket.write("}");
  expect((await rawAnswer(socket)).status).toBe(200);
};
const NOT_OTLP = async (socket: Socket) => {
  socket.write("x");
  expect((await rawAnswer(socket)).status).toBe(400);
};
const CUT_OFF = async (socket: Socket) => {
  socket.end();
  expect((await rawAnswer(socket)).status).toBe(400);
};
const RESET = async (socket: Socket) => {
  socket.resetAndDestroy();
};
const TIMED_OUT = async (socket: Socket) => {
  expect((await rawAnswer(socket)).status).toBe(408);
};

test.each([
  ["answered", ANSWERED, {}],
  ["refused", NOT_OTLP, {}],
  ["cut off", CUT_OFF, {}],
  ["reset", RESET, {}],
  ["timed out", TIMED_OUT, { requestTimeoutMs: 1000 }],
])("what a request holds is given back when it is %s", async (_, end, options) => {
  const receiver = await started(options);
  await end(await holding(receiver, HELD));
  // Beside a single byte that is held it would be refused.
  await expect.poll(() => post(receiver, requestOfBytes(BOUND))).toEqual(TAKEN);
});

test.each([
  ["beyond the limit of one body", gzipSync(requestOfBytes(BOUND + 1)), 413],
  ["not gzip", Buffer.from("hello"), 400],
  ["not UTF-8", gzipSync(Buffer.from([255])), 400],
])("what a body holds that is %s is given back", async (_, body, status) => {
  const receiver = await started();
  expect((await post(receiver, body)).status).toBe(status);
  expect(await post(receiver, requestOfBytes(BOUND))).toEqual(TAKEN);
});

test("a pipelined request that is never answered gives back what it held", async () => {
  const receiver = await started();
  const socket = await rawConnection(
    receiver.port,
    "POST /v1/traces HTTP/1.1",
    "Host: localhost",
    "Content-Type: application/json",
    `Content-Length: ${ONE_RUN.length}`,
    "",
    `${ONE_RUN}POST /v1/traces HTTP/1.1`,
    "Host: localhost",
    "Content-Type: application/json",
    "Content-Length: 2000",
    "",
    requestOfBytes(HELD),
  );
  await expect.poll(() => post(receiver, requestOfBytes(ROOM + 1))).toEqual(BUSY);
  socket.resetAndDestroy();
  await expect.poll(() => post(receiver, requestOfBytes(BOUND))).toEqual(TAKEN);
});

test("of many bodies at once that unpack to far more than the bound each is taken or told to come again", async () => {
  const receiver = await started({ maxBodyBytes: 200_000, maxBytesInFlight: 400_000 });
  const body = gzipSync(requestOfBytes(200_000));
  const answers = await Promise.all(Array.from({ length: 50 }, () => post(receiver, body)));
  const statuses = new Set(answers.map(({ status }) => status));
  expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
  expect(statuses).toContain(200);
  expect(await post(receiver, body)).toEqual(TAKEN);
});
