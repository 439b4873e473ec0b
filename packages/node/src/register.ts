// node --import @otel-lifecycle/node/register app.js
import { showDiagnostics } from "./diagnostics.ts";
import { readLifecycleEnvironment } from "./environment.ts";
import { claimRegistration, currentPipeline } from "./registration.ts";
import { setUp } from "./set-up.ts";
import { watchProcess } from "./shutdown/watch-process.ts";

if (claimRegistration()) {
  const ownsLogger = showDiagnostics();
  const environment = readLifecycleEnvironment();
  setUp(environment, { ownsLogger });
  watchProcess(currentPipeline, { timeoutMs: environment.shutdownTimeoutMs });
}
