// Has runs in flight until it is killed; started once more it recovers them.
import { trace } from "@opentelemetry/api";
import { createScope, startAction, startRun, withRun } from "@otel-lifecycle/api";
import { openJournal } from "@otel-lifecycle/sdk/journal";
import { processor, providerThrough } from "./through.mjs";

const journal = openJournal({ directory: process.env.JOURNAL, processor, recover: false });
const { provider, exporter } = providerThrough(journal.through);
const scope = createScope({ kind: "instance_store" });

async function main() {
  if (process.env.RECOVER !== undefined) {
    const { lost, exported, isComplete } = await journal.recover(exporter);
    console.log("recovered", JSON.stringify({ lost, exported, isComplete }));
    await provider.shutdown();
    return;
  }
  withRun({ name: "agent run", id: "done", scope }, () => undefined);
  await provider.forceFlush();
  startRun({ name: "agent run", id: "disposed", scope });
  startRun({ name: "agent run", id: "lost" });
  trace.getTracer("host").startSpan("GET /orders", { attributes: { list: ["a", "b"], half: 0.5 } });
  startAction({ kind: "dispose_all", scope, trigger: "http", operation: "POST /global/dispose" });
  console.log("in-flight");
  setInterval(() => undefined, 1000);
}

await main();
