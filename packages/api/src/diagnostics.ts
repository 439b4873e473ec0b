import { diag } from "@opentelemetry/api";
import { registry } from "./registry.ts";

const logger = () => diag.createComponentLogger({ namespace: "@otel-lifecycle/api" });

/** Counts a value that was bounded or dropped, and says so the first time. */
export const noteBounded = (what: string, remedy: string): void => {
  const count = (registry.bounded.get(what) ?? 0) + 1;
  registry.bounded.set(what, count);
  if (count > 1) return;
  try {
    logger().warn(`${what}: ${remedy} Further ones are counted, not logged.`);
  } catch {
    // A logger of the host's that throws is not ours to mend, and nothing of ours depends on it.
  }
};

/**
 * Runs a step of ours that must not throw into the host; what it throws is counted and logged
 * once, and telemetry goes on without it.
 */
export const guarded = <T>(what: string, step: () => T): T | undefined => {
  try {
    return step();
  } catch (error) {
    reportFailure(what, error);
    return undefined;
  }
};

/** For hot paths that carry their own `try`: a closure there costs more than the step. */
export const reportFailure = (what: string, error: unknown): void => {
  try {
    // The name alone: a message is free text, of any length.
    const name = error instanceof Error ? String(error.name).slice(0, 64) : typeof error;
    noteBounded(what, `a step of the instrumentation failed (${name}).`);
  } catch {
    // Because even turning the error into text may throw, and a logger of the host's may too.
  }
};
