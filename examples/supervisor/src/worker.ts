/**
 * A worker with runs in flight. It closes them when the supervisor says so, and ends, once it has
 * exported what is left, when the supervisor lets go of it or is gone:
 *   node dist/worker.js ENDPOINT NAME RUN...
 */
import { setInterval } from "node:timers/promises";
import {
  createScope,
  lifecycleSnapshot,
  processScope,
  withAction,
  withRun,
} from "@otel-lifecycle/api";
import type { Dispose, Progress } from "./message.ts";
import { startTelemetry } from "./telemetry.ts";

const [endpoint = "", name = "", ...ids] = process.argv.slice(2);
const telemetry = startTelemetry(endpoint, name);
const store = createScope({ kind: "instance_store" });

/** Stands for a model's answer that streams on until somebody stops it. */
const streamAnswer = async (signal: AbortSignal): Promise<void> => {
  for await (const _ of setInterval(20, undefined, { signal }));
};
const ended = Promise.allSettled(
  ids.map((id) =>
    withRun({ name: "agent run", id, scope: store }, (run) => streamAnswer(run.signal)),
  ),
);

const tell = (type: Progress["type"]): void => {
  process.send?.({ type } satisfies Progress);
};

process.on("message", async ({ carrier }: Dispose) => {
  // The worker's own action, in the name of the supervisor's.
  await withAction({ kind: "dispose_all", scope: store, carrier }, () => ended);
  tell("disposed");
});

process.once("disconnect", async () => {
  // The supervisor is gone without a word.
  if (lifecycleSnapshot().runs > 0) {
    await withAction(
      { kind: "shutdown", scope: processScope(), trigger: "supervisor" },
      () => ended,
    );
  }
  await telemetry.shutdown();
});

tell("running");
