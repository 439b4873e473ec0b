import type { Context, Span, SpanOptions } from "@opentelemetry/api";
import { activeContext } from "../active-context.ts";
import type { Close } from "../closes/close.ts";
import type { EvidenceFacts, EvidenceType } from "../evidence/evidence.ts";
import type { Observed } from "../observed.ts";
import type { Scope } from "../scopes/scope.ts";
import { runIn } from "./run-in.ts";

/** One piece of in-flight work in a scope. */
export interface Run {
  /** The application's id, if it gave one that fits. */
  readonly id: string | undefined;
  readonly name: string;
  readonly scope: Scope;
  readonly span: Span;
  /** The context in which the run's code runs: its span is active there. */
  readonly context: Context;
  /**
   * Aborted when the run is asked to stop: by an action, by {@link Run.cancel}, at its deadline,
   * with the run around it, or through the signal that it was given. Made when first read; a run
   * whose signal nobody read was never asked.
   */
  readonly signal: AbortSignal;
  /** How it ended; decided once, when it ends. */
  readonly close: Close | undefined;
  /** Calls `fn` in the run's context. */
  with<T>(fn: () => T): T;
  /** The user's stop: aborts {@link Run.signal} and proves `user_cancel`. */
  cancel(): void;
  /** The work is done, whatever the run was asked meanwhile: it ends as `completed`. */
  complete(): void;
  /**
   * Adds a fact to what an incident of this run is derived from: how far it had got, what happened
   * outside, what broke. Where nobody records incidents, and once the run has ended, it does
   * nothing. Never throws.
   */
  evidence(type: EvidenceType, facts?: EvidenceFacts): void;
  /**
   * Calls `fn`, which cleans up after the run, and records that it started, how it ended and how
   * long it took. Result and error are `fn`'s own.
   */
  finalizer<T>(name: string, fn: () => T): Observed<T>;
  /** Ends the run as one that returned, and its span unless that was adopted. */
  end(): void;
  /** Ends the run as one that threw `error`, and its span unless that was adopted. */
  fail(error: unknown): void;
}

/** What {@link withRun} and {@link startRun} take: a name for the span, or a span to adopt. */
export type RunOptions = RunSettings &
  (
    | {
        /** The span's name, at most 128 characters. */
        readonly name: string;
        readonly span?: undefined;
      }
    | {
        /**
         * A span that exists already, of another instrumentation for instance, to be taken as the
         * run's. Its owner ends it; the run ends with it where a `LifecycleSpanProcessor` sees
         * that, else by {@link Run.end}.
         */
        readonly span: Span;
        /** For interrupt spans and messages. Default: the span's own name. */
        readonly name?: string;
      }
  );

/** What runs take besides. Values out of bounds are bounded and counted. */
export interface RunSettings {
  /** The application's id of the run: 1 to 64 of `A-Z a-z 0-9 _ . : -`. */
  readonly id?: string;
  /** Default: the current one, of `withScope` or the run around this one, else the process. */
  readonly scope?: Scope;
  /** A signal of the application's that stops this run. */
  readonly signal?: AbortSignal;
  /** The deadline, in ms from now: 1 to 2^31 - 1. Its timer keeps no process alive. */
  readonly timeoutMs?: number;
  /** What a passed deadline makes of the run. Default: `failed`. */
  readonly timeoutResult?: "failed" | "interrupted";
  /** Passed on to the tracer: kind, attributes, links, start time, root. */
  readonly spanOptions?: SpanOptions;
}

/**
 * The run whose code this is, or that of the given context; none below an automatic run, which
 * nobody can ask anything.
 */
export const currentRun = (context: Context = activeContext()): Run | undefined => {
  const run = runIn(context);
  return run?.origin === "automatic" ? undefined : run;
};
