/**
 * One action of a supervisor disposes the runs of two worker processes. Prints who closed which,
 * out of the spans that all three exported, and holds it against what was done.
 */
import { parseArgs } from "node:util";
import { createScope, inject, withAction } from "@otel-lifecycle/api";
import { type Receiver, renderAccount, startReceiver, toJson } from "why-closed";
import { startTelemetry } from "./telemetry.ts";
import { assertDriven, type Driven } from "./verdict.ts";
import { startWorker, type WorkerProcess } from "./worker-process.ts";

const { values: options } = parseArgs({ options: { json: { type: "boolean", default: false } } });

const main = async (): Promise<void> => {
  const receiver = await startReceiver({ port: 0 });
  const endpoint = receiver.url;
  const telemetry = startTelemetry(endpoint, "supervisor");
  const workers = [
    startWorker({ name: "worker-1", runs: ["one-a", "one-b"], endpoint }),
    startWorker({ name: "worker-2", runs: ["two-a", "two-b"], endpoint }),
  ];
  try {
    await Promise.all(workers.map((worker) => worker.running()));
    const action = await disposeAll(workers);
    // All three export what is left.
    await Promise.all(workers.map((worker) => worker.release()));
    await telemetry.shutdown();
    report(receiver, { action, workers });
  } finally {
    await Promise.all(workers.map((worker) => worker.kill()));
    await receiver.close();
  }
};

/** The supervisor's own operation: one line of `withAction`, and one of `inject`. */
const disposeAll = (workers: readonly WorkerProcess[]): Promise<string> =>
  withAction(
    {
      kind: "dispose_all",
      scope: createScope({ kind: "fleet" }),
      trigger: "cli",
      operation: "Supervisor.disposeAll",
    },
    async (action) => {
      await Promise.all(workers.map((worker) => worker.dispose(inject({}))));
      return action.id;
    },
  );

const report = (receiver: Receiver, driven: Driven): void => {
  const account = receiver.account();
  const json = `${JSON.stringify(toJson(account), null, 2)}\n`;
  process.stdout.write(options.json ? json : renderAccount(account));
  assertDriven(receiver, driven);
};

try {
  await main();
} catch (error) {
  process.exitCode = 1;
  process.stderr.write(`supervisor: ${error instanceof Error ? error.message : error}\n`);
}
