import type { Context, Span, SpanOptions } from "@opentelemetry/api";
import { activeContext } from "../active-context.ts";
import type { ActionTrigger, InitiatorType } from "../attributes.ts";
import type { ActionId } from "../closes/close.ts";
import { getAction } from "../lifecycle-context.ts";
import type { Scope } from "../scopes/scope.ts";

/** A lifecycle operation that closes a scope's runs. */
export interface Action {
  /** At most 64 characters of `a-z 0-9 _ -`, unique across processes, sortable by time. */
  readonly id: ActionId;
  readonly kind: string;
  readonly scope: Scope;
  /** The action in whose code this one was started, or that its carrier names, and the outermost one. */
  readonly parentId: ActionId | undefined;
  readonly rootId: ActionId;
  readonly span: Span;
  /** The context in which the action's code runs: its span is active there. */
  readonly context: Context;
  /** Resolves once the last run that was covered has been asked to stop. Never rejects. */
  readonly asked: Promise<void>;
  /**
   * Resolves once the action's span has ended: its code and all covered runs have, or
   * `settleTimeoutMs` has passed. Never rejects. Its own code must not wait for it.
   */
  readonly settled: Promise<void>;
  /** Calls `fn` in the action's context. */
  with<T>(fn: () => T): T;
  /** Calls `fn` at the root context: for what the action starts and what is to outlive it. */
  detach<T>(fn: () => T): T;
  /** The action's code is done. */
  end(): void;
  /** The action's code is done, and threw `error`. */
  fail(error: unknown): void;
}

/** What {@link withAction} and {@link startAction} take. Values out of bounds are bounded and counted. */
export interface ActionOptions {
  /**
   * What is done to the scope. A kind of the application's own has 1 to 32 characters of
   * `a-z 0-9 _`, and there are at most 32 of them; others become `_other`.
   */
  readonly kind:
    | "reload"
    | "dispose"
    | "dispose_directory"
    | "dispose_all"
    | "shutdown"
    | (string & Record<never, never>);
  /** Whose runs are closed. */
  readonly scope: Scope;
  /** What asked for it. Default: what asked for the action around this one, else `unknown`. */
  readonly trigger?: ActionTrigger;
  /** What asked, as a template of at most 100 characters: `POST /global/dispose`, `Config.update`. */
  readonly operation?: string;
  /** The process signal, where that is the trigger: `SIGTERM`. */
  readonly signal?: string;
  /** Who stands behind the trigger, where that is known. */
  readonly initiator?: InitiatorType;
  /** `signal` asks the runs to stop, `record` only attributes what becomes of them. Default: `signal`. */
  readonly interrupt?: "signal" | "record";
  /**
   * How long the action's span stays open for its code and its runs, in ms, 1 to 2^31 - 1.
   * Nothing waits for it, and its timer keeps no process alive. Default: 10,000.
   */
  readonly settleTimeoutMs?: number;
  /**
   * What came in from another process or thread, where an action asked for this one: a message's
   * carrier, `request.headers`. The same as to start this one in the context that `extract` gives.
   */
  readonly carrier?: unknown;
  /** Passed on to the tracer. */
  readonly spanOptions?: SpanOptions;
}

/** The innermost action in whose code this is, until that code is done; then none. */
export const currentAction = (context: Context = activeContext()): Action | undefined =>
  getAction(context)?.current;
