// One run completes, one is disposed of, and one is open when the provider shuts down.
import { trace } from "@opentelemetry/api";
import { createScope, startRun, withAction, withRun } from "@otel-lifecycle/api";
import { provider } from "./provider.mjs";

const scope = createScope({ kind: "instance_store" });

async function main() {
  await withRun({ name: "agent run", id: "done", scope }, async () => undefined);
  const disposed = withRun({ name: "agent run", id: "disposed", scope }, untilAborted);
  const settled = disposed.catch(() => undefined);
  const asked = { trigger: "http", operation: "POST /global/dispose" };
  await withAction({ kind: "dispose_all", scope, ...asked }, () => settled);
  const open = startRun({ name: "agent run", id: "open", scope });
  open.with(() => trace.getTracer("host").startSpan("chat model"));
  await provider.shutdown();
}

function untilAborted({ signal }) {
  trace.getTracer("host").startSpan("chat model").end();
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}

await main();
