import { AssertionError } from "node:assert";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Receiver, startReceiver } from "why-closed";
import { assertDriven } from "../src/verdict.ts";
import { startWorker } from "../src/worker-process.ts";

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver({ port: 0 });
});
afterEach(() => receiver.close());

const begin = () =>
  startWorker({ name: "worker-1", runs: ["one-a", "one-b"], endpoint: receiver.url });
const complaint = (action: string): AssertionError => {
  try {
    assertDriven(receiver, { action, workers: [{ name: "worker-1", runs: ["one-a", "one-b"] }] });
  } catch (error) {
    if (error instanceof AssertionError) return error;
  }
  throw new Error("expected an AssertionError");
};

test("a supervisor whose action never arrived is told apart", async () => {
  const worker = begin();
  await worker.running();
  await worker.dispose({
    traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01`,
    "lifecycle.cause": "id=remote;root=remote;kind=dispose_all;trigger=cli",
  });
  await worker.release();
  expect(complaint("remote").actual).toMatchObject({
    actions: [{ process: "worker-1", parentId: "remote", parentSpanIn: null, trigger: "cli" }],
    tracesOfTheAction: 1,
  });
});

test("a worker that was told without a carrier closes its runs in nobody's name", async () => {
  const worker = begin();
  await worker.running();
  await worker.dispose({});
  await worker.release();
  expect(complaint("remote").actual).toMatchObject({
    actions: [
      { process: "worker-1", parentId: null, trigger: "unknown", closed: ["one-a", "one-b"] },
    ],
  });
});

test("a worker that is let go of without a word closes its runs by a shutdown, and ends", async () => {
  const worker = begin();
  await worker.running();
  await worker.release();
  expect(complaint("remote").actual).toMatchObject({
    actions: [{ process: "worker-1", kind: "shutdown", closed: ["one-a", "one-b"] }],
  });
});

test("a worker that dies is an error that names it", async () => {
  const worker = begin();
  const lost = expect(worker.running()).rejects.toThrow(
    'worker-1 ended with SIGKILL and was not "running"',
  );
  await worker.kill();
  await lost;
});
