// A run is disposed of while a span of the host's is open below it; then the process has no more to do.
import { trace } from "@opentelemetry/api";
import { createScope, withAction, withRun } from "@otel-lifecycle/api";

const scope = createScope({ kind: "instance" });

async function main() {
  const run = withRun({ name: "agent run", id: "r1", scope }, work).catch(() => undefined);
  await withAction({ kind: "dispose", scope, trigger: "http" }, () => run);
}

function work({ signal }) {
  const below = trace.getTracer("host").startSpan("chat model");
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => {
      below.end();
      reject(signal.reason);
    });
  });
}

await main();
