import process from "node:process";
import { attempt } from "./attempt.ts";

/** What Node calls the two ways in which nobody catches an error. */
export type UncaughtOrigin = NodeJS.UncaughtExceptionOrigin;

/** The exception that is being dealt with, if one is. */
export interface Uncaught {
  readonly origin: () => UncaughtOrigin | undefined;
  /** A listener of the application's has dealt with it. */
  readonly dealtWith: () => void;
  readonly undo: () => void;
}

/**
 * Watches for uncaught exceptions, without a say in what becomes of them. One that ends the
 * process does so before anything else runs; if a microtask gets its turn, the application dealt
 * with it, by a listener, a capture callback or a domain.
 */
export const watchUncaught = (): Uncaught => {
  let current: UncaughtOrigin | undefined;
  const dealtWith = (): void => {
    current = undefined;
  };
  const monitor = (_error: unknown, origin: UncaughtOrigin): void => {
    current = origin;
    attempt("uncaught exception", () => queueMicrotask(dealtWith));
  };
  process.on("uncaughtExceptionMonitor", monitor);
  return {
    origin: () => current,
    dealtWith,
    undo: () => {
      process.removeListener("uncaughtExceptionMonitor", monitor);
    },
  };
};
