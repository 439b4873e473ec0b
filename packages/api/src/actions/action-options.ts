import type { SpanOptions } from "@opentelemetry/api";
import type { ActionTrigger, InitiatorType } from "../attributes.ts";
import {
  boundActionKind,
  boundInitiator,
  boundMilliseconds,
  boundOperation,
  boundSignalName,
  boundTrigger,
  noteUnknown,
} from "../bounds.ts";
import { noteBounded, reportFailure } from "../diagnostics.ts";
import { boundSpanOptions } from "../runs/run-options.ts";
import { internScope, isScope, processNode, type ScopeNode } from "../scopes/scope.ts";
import type { ActionOptions } from "./action.ts";

/** An action's options, bounded. */
export interface BoundActionOptions {
  readonly kind: string;
  readonly scope: ScopeNode;
  readonly trigger: ActionTrigger | undefined;
  readonly operation: string | undefined;
  readonly signal: string | undefined;
  readonly initiator: InitiatorType | undefined;
  readonly asks: boolean;
  readonly settleTimeoutMs: number;
  /** Read by whoever uses it, and bounded there. */
  readonly carrier: unknown;
  readonly spanOptions: SpanOptions | undefined;
}

const OPTIONS: Readonly<Record<keyof ActionOptions, true>> = {
  kind: true,
  scope: true,
  trigger: true,
  operation: true,
  signal: true,
  initiator: true,
  interrupt: true,
  settleTimeoutMs: true,
  carrier: true,
  spanOptions: true,
};

const DEFAULT_SETTLE_TIMEOUT_MS = 10_000;

/** Bounds or drops, and counts, what does not fit; never throws, because it is run time. */
export const readActionOptions = (options: ActionOptions): BoundActionOptions => {
  try {
    noteUnknown("action option", options, OPTIONS);
    const settleTimeoutMs = boundMilliseconds("action settleTimeoutMs", options.settleTimeoutMs);
    return {
      kind: boundActionKind(options.kind),
      scope: boundScope(options.scope),
      trigger: boundTrigger(options.trigger),
      operation: boundOperation(options.operation),
      signal: boundSignalName(options.signal),
      initiator: boundInitiator(options.initiator),
      asks: boundInterrupt(options.interrupt) === "signal",
      settleTimeoutMs: settleTimeoutMs ?? DEFAULT_SETTLE_TIMEOUT_MS,
      carrier: options.carrier,
      spanOptions: boundSpanOptions(options.spanOptions),
    };
  } catch (error) {
    reportFailure("action options", error);
    return {
      kind: "_other",
      scope: nobodysScope(),
      trigger: undefined,
      operation: undefined,
      signal: undefined,
      initiator: undefined,
      asks: false,
      settleTimeoutMs: DEFAULT_SETTLE_TIMEOUT_MS,
      carrier: undefined,
      spanOptions: undefined,
    };
  }
};

const boundScope = (scope: unknown): ScopeNode => {
  if (isScope(scope)) return scope;
  noteBounded(
    "action scope",
    "expected a scope, from createScope(…), directoryScope(…) or processScope(); the action covers nothing.",
  );
  return nobodysScope();
};

// Not the process's: an action whose scope is not known must not stop everything.
const nobodysScope = (): ScopeNode =>
  internScope({ kind: "unknown", key: undefined, parent: processNode(), hashed: undefined });

// What is neither is taken as the one that does less.
const boundInterrupt = (interrupt: unknown): "signal" | "record" => {
  if (interrupt === undefined || interrupt === "signal" || interrupt === "record") {
    return interrupt ?? "signal";
  }
  noteBounded("action interrupt", 'expected "signal" or "record", "record" stands for it.');
  return "record";
};
