import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { createScope, inject, withAction } from "@otel-lifecycle/api";
import { afterEach, expect, test } from "vitest";
import { registerHarvest } from "../support/harvest.ts";

const harvest = registerHarvest();
const children: ChildProcess[] = [];
afterEach(async () => {
  harvest.reset();
  for (const child of children.splice(0)) {
    const exit = once(child, "exit");
    child.disconnect();
    expect(await exit).toEqual([0, null]);
  }
});

const fixture = (name: string) => new URL(`../fixtures/${name}.mjs`, import.meta.url);
const start = (name: string): ChildProcess => {
  const child = fork(fixture(name));
  children.push(child);
  return child;
};

type Ask = (carrier: Record<string, string>) => Promise<unknown>;

const byHttp: Ask = async (headers) => {
  const [{ port }] = await once(start("disposes-by-http"), "message");
  const response = await fetch(`http://127.0.0.1:${port}/dispose`, { method: "POST", headers });
  return response.json();
};
const byMessage: Ask = async (carrier) => {
  const child = start("disposes-by-message");
  child.send(carrier);
  const [answer] = await once(child, "message");
  return answer;
};
const byPosting: Ask = async (carrier) => {
  const worker = new Worker(fixture("disposes-in-thread"), { workerData: null });
  worker.postMessage(carrier);
  const [answer] = await once(worker, "message");
  return answer;
};
const byWorkerData: Ask = async (workerData) => {
  const worker = new Worker(fixture("disposes-in-thread"), { workerData });
  const [answer] = await once(worker, "message");
  return answer;
};

test.each<[string, Ask]>([
  ["HTTP", byHttp],
  ["process.send", byMessage],
  ["postMessage", byPosting],
  ["workerData", byWorkerData],
])(
  "over %s the action is one trace: there it is the parent, and closes through a local one",
  async (_way, ask) => {
    const scope = createScope({ kind: "instance_store" });
    const [spans, sent] = await withAction(
      { kind: "dispose_all", scope, trigger: "cli" },
      async (action) => [await ask(inject({})), action] as const,
    );
    const { traceId, spanId } = sent.span.spanContext();
    expect(spans).toEqual([
      {
        name: "agent run",
        trace: expect.not.stringMatching(traceId),
        attributes: {
          "lifecycle.scope.kind": "instance",
          "lifecycle.run.result": "interrupted",
          "lifecycle.close.class": "lifecycle_action",
          "lifecycle.close.confidence": "high",
          "lifecycle.close.via": "error",
          "lifecycle.close.error.type": "AbortError",
          "lifecycle.close.action.id": expect.not.stringMatching(sent.id),
          "lifecycle.close.action.kind": "dispose",
          "lifecycle.close.action.trigger": "cli",
          "lifecycle.close.action.trace_id": traceId,
          "lifecycle.close.action.span_id": expect.not.stringMatching(spanId),
          "lifecycle.interrupt.duration": expect.any(Number),
        },
      },
      {
        name: "interrupt agent run",
        trace: traceId,
        parent: expect.not.stringMatching(spanId),
        attributes: expect.objectContaining({ "lifecycle.interrupt.result": "stopped" }),
      },
      {
        name: "dispose instance",
        trace: traceId,
        parent: spanId,
        attributes: expect.objectContaining({
          "lifecycle.action.kind": "dispose",
          "lifecycle.action.parent_id": sent.id,
          "lifecycle.action.root_id": sent.id,
          "lifecycle.action.trigger": "cli",
          "lifecycle.action.covered_run_count": 1,
          "lifecycle.action.interrupted_run_count": 1,
        }),
      },
    ]);
  },
);
