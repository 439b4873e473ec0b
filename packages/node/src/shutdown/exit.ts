import process from "node:process";
import type { ShutdownTrigger } from "@otel-lifecycle/sdk";
import { attempt } from "./attempt.ts";
import { begin } from "./begin.ts";
import type { Tap } from "./emit-tap.ts";
import type { LastFlush } from "./last-flush.ts";
import { beforeReallyExit } from "./really-exit.ts";
import { runtimeTrigger } from "./trigger.ts";

/** What the watch over `beforeExit` and `exit` needs. */
export interface ExitOptions {
  readonly lastFlush: LastFlush;
  /** What is known of the reason why the process goes. */
  readonly trigger: () => ShutdownTrigger | undefined;
  /** Called at the very end of an exit. */
  readonly exited: () => void;
  /** Whether `beforeExit` may hold the process for a flush in turns of the event loop. */
  readonly isAsync: boolean;
}

/** The watch over `beforeExit` and `exit`. */
export interface ExitWatch {
  readonly aroundBeforeExit: Tap;
  readonly aroundExit: Tap;
  /** Ends and sends what is in flight, the first time that it is called. Never throws. */
  readonly finish: () => void;
  readonly undo: () => void;
}

/**
 * Ends and sends what is in flight once the application's listeners of `exit` are done, or
 * sooner, at `beforeExit`, where nothing can go on any more.
 *
 * An application that listens to `beforeExit` may go on from there, and nobody can tell: so
 * nothing is ended there, and what is in flight is left to `exit`, which follows at once if it
 * does not go on. Nor would it expect its listeners to be called again because our flush ran.
 */
export const watchExit = ({ lastFlush, trigger, exited, isAsync }: ExitOptions): ExitWatch => {
  let isEmptied = false;
  let hasFlushed = false;
  let isUnderway = false;
  let isDone = false;

  // Where a library has put back a `process.emit` without ours.
  const onExit = (): void => {
    if (!isUnderway && isExiting()) finish();
  };
  process.on("exit", onExit);

  return {
    aroundBeforeExit: (_args, emit) => {
      const hasOthers = process.listenerCount("beforeExit") > 0;
      const result = emit();
      attempt("beforeExit", () => emptied(hasOthers));
      return result;
    },
    aroundExit: (_args, emit) => {
      if (!isExiting()) return emit();
      isUnderway = true;
      const restore = attempt("exit", () => beforeReallyExit(finish));
      try {
        return emit();
      } finally {
        restore?.();
        finish();
      }
    },
    finish,
    undo: () => {
      process.removeListener("exit", onExit);
    },
  };

  function emptied(hasOthers: boolean): void {
    isEmptied = true;
    // Runs only if the application goes on; an exit after that is not this end.
    setImmediate(() => (isEmptied = false)).unref();
    if (hasOthers || hasFlushed || !isAsync) return;
    if (lastFlush.isInFlight()) begin(reason());
    else if (!lastFlush.isUnsent()) return;
    hasFlushed = true;
    void lastFlush.run();
  }

  function finish(): void {
    if (isDone) return;
    isDone = true;
    attempt("exit", () => {
      const isInFlight = lastFlush.isInFlight();
      if (isInFlight) begin(reason());
      if (isInFlight || lastFlush.isUnsent()) lastFlush.runSync();
    });
    attempt("exit", lastFlush.close);
    attempt("exit", exited);
  }

  function reason(): ShutdownTrigger {
    return trigger() ?? runtimeTrigger(isEmptied ? "beforeExit" : "process.exit");
  }
};

// True in `process.exit()`, after an uncaught exception and at the natural end; not where `exit`
// is emitted by hand. Not in Node's types.
const isExiting = (): boolean => Reflect.get(process, "_exiting") !== false;
