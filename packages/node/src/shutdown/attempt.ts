import { diag } from "@opentelemetry/api";

const failed = new Set<string>();

/**
 * Runs a step of ours that must not throw into the host. What it throws is logged once for each
 * `what`, by the error's name alone; the process goes on, or ends, as it would have.
 */
export const attempt = <T>(what: string, step: () => T): T | undefined => {
  try {
    return step();
  } catch (error) {
    report(what, error);
    return undefined;
  }
};

const report = (what: string, error: unknown): void => {
  try {
    if (failed.has(what)) return;
    failed.add(what);
    const name = error instanceof Error ? String(error.name).slice(0, 64) : typeof error;
    diag
      .createComponentLogger({ namespace: "@otel-lifecycle/node" })
      .warn(`${what}: a step of the instrumentation failed (${name}).`);
  } catch {
    // A logger of the host's that throws is not ours to mend.
  }
};
