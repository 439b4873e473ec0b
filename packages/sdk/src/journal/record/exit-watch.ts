import process from "node:process";
import { guarded } from "@otel-lifecycle/api/internal";
import { beginShutdown } from "../../process-shutdown.ts";

/** Why a process goes whose code nobody stopped from outside. */
type Operation = "process.exit" | "beforeExit" | NodeJS.UncaughtExceptionOrigin;

/** What is to be done when the process, or the thread, ends by itself. */
export interface AtExit {
  /** Whether something is in flight that its end closes. */
  readonly isInFlight: () => boolean;
  /** Takes down what is left, before this returns. */
  readonly finish: () => void;
}

/**
 * Watches for the end of the process, without a say in it: what is in flight then is covered by the
 * process's shutdown, whose operation says how it came. Returns its undoing.
 */
export const watchExit = ({ isInFlight, finish }: AtExit): (() => void) => {
  let uncaught: NodeJS.UncaughtExceptionOrigin | undefined;
  let isEmptied = false;
  const operation = (): Operation => uncaught ?? (isEmptied ? "beforeExit" : "process.exit");
  const onUncaught = (_error: unknown, origin: NodeJS.UncaughtExceptionOrigin): void => {
    uncaught = origin;
    // One that ends the process does so before anything else runs.
    guarded(WHAT, () =>
      queueMicrotask(() => {
        uncaught = undefined;
      }),
    );
  };
  const onEmptied = (): void => {
    isEmptied = true;
    guarded(WHAT, () => {
      // Runs only if the application goes on.
      setImmediate(() => {
        isEmptied = false;
      }).unref();
    });
  };
  const onExit = (): void => {
    guarded(WHAT, () => {
      if (isInFlight()) beginShutdown({ trigger: "runtime", operation: operation() });
    });
    guarded(WHAT, finish);
  };
  process.on("uncaughtExceptionMonitor", onUncaught);
  process.on("beforeExit", onEmptied);
  process.on("exit", onExit);
  return () => {
    process.removeListener("uncaughtExceptionMonitor", onUncaught);
    process.removeListener("beforeExit", onEmptied);
    process.removeListener("exit", onExit);
  };
};

const WHAT = "exit";
