import type {
  ActionTrigger,
  CloseClass,
  CloseConfidence,
  CloseVia,
  ExposedTool,
  InitiatorType,
  RunResult,
  ToolEffect,
  Watchdog,
} from "@otel-lifecycle/api";

/**
 * One kept fact of a run, reduced to what may leave the process. Nothing in it is ever
 * overwritten; that the same was said again is counted.
 */
export interface Evidence {
  /** A known type, or a token of the application's own. */
  readonly type: string;
  /** Its place on the thread's counter, on which causes are initiated too; unknown elsewhere. */
  readonly order?: number;
  /** When it was seen, in ms on the monotonic clock; of a cause, when that was initiated. */
  readonly at?: number;
  /** Where it was said again: when last, in ms on the same clock. */
  readonly lastAt?: number;
  /** How often it was said, at least 1. */
  readonly count: number;
  /** A token: `provider_stream`, `tool_runner`, `lifecycle`, `journal`, `application`, … */
  readonly source: string;
  /** The attempt at the provider's stream that it belongs to, from 1; 0 before the first. */
  readonly attempt: number;
  readonly facts: SafeFacts;
  /** Which of its fields were withheld, e.g. `tool`; their values are nowhere. */
  readonly redactions: readonly string[];
}

/** What evidence says besides its type. Tokens only; `redacted` stands for what was none. */
export interface SafeFacts {
  readonly tool?: string;
  /** A number for each call of a tool within the run, from 1: the call's own id stays inside. */
  readonly toolCall?: number;
  readonly effect?: ToolEffect;
  readonly providerExecuted?: boolean;
  readonly error?: ErrorFacts;
  readonly errorKind?: string;
  /** The provider's HTTP status, 100 to 599. */
  readonly status?: number;
  readonly watchdog?: Watchdog;
  readonly name?: string;
  /** In ms, not negative. */
  readonly durationMs?: number;
  readonly boundary?: SideEffectBoundary;
  readonly end?: EndFacts;
  readonly close?: RequestedClose;
}

/** An error as its names and codes tell it, and those of its causes. */
export interface ErrorFacts {
  /** What its tree of causes proves by names and codes alone. */
  readonly proof: "reason" | "timeout" | "upstream_disconnect" | "aborted" | "error";
  readonly name?: string;
  readonly code?: string;
  /** Of the nearest cause that has one. */
  readonly causeName?: string;
  readonly causeCode?: string;
}

/** What the model could have called: the tools of `side_effect_boundary`. */
export interface SideEffectBoundary {
  /** How many tools were exposed, those that were left out of `tools` included. */
  readonly exposed: number;
  readonly tools: readonly Required<ExposedTool>[];
}

/** What asked the run to stop: `close_requested`, and `close_propagated` once the run was told. */
export interface RequestedClose {
  readonly class: Exclude<CloseClass, "error" | "process_lost">;
  /** The action that asked, then the ones that it is part of, the nearest first; at most 8. */
  readonly actions: readonly ActionFacts[];
}

/** One action on the way from a run to who asked first. */
export interface ActionFacts {
  readonly id: string;
  readonly kind: string;
  readonly trigger: ActionTrigger;
  readonly operation?: string;
  readonly signal?: string;
  readonly initiator?: InitiatorType;
  readonly scopeKind?: string;
  /** The keyed hash of the directory, 16 hexadecimal digits. */
  readonly scopeKey?: string;
  readonly traceId?: string;
  readonly spanId?: string;
  /** Another action is around it of which only the id is known. */
  readonly parentId?: string;
}

/** What the run ended with: `run_ended`. */
export interface EndFacts {
  readonly result: RunResult;
  /** Of a run that did not complete. */
  readonly class?: CloseClass;
  readonly confidence?: CloseConfidence;
  readonly via?: CloseVia;
  readonly missing?: readonly string[];
}

/** What the bound took out: how much of each type, and where. */
export interface Omitted {
  readonly total: number;
  readonly byType: Readonly<Record<string, number>>;
  /** Effects of executions among them, which advice must not forget. */
  readonly effects: readonly ToolEffect[];
  /** How many were taken out behind each kept order; `undefined`, before the first. */
  readonly gaps: readonly { readonly after: number | undefined; readonly count: number }[];
}

/** Everything that is known of one run. */
export interface RunRecord {
  readonly run: RunIdentity;
  readonly evidence: readonly Evidence[];
  readonly omitted: Omitted;
}

/** Which run it was. */
export interface RunIdentity {
  readonly id?: string;
  readonly name: string;
  readonly traceId?: string;
  readonly spanId?: string;
  readonly scopeKind?: string;
  readonly scopeKey?: string;
  /** In ms since the Unix epoch. */
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** When it began, in ms on the monotonic clock of its evidence. */
  readonly began?: number;
  /** Fields of this identity that were withheld. */
  readonly redactions?: readonly string[];
}

/** Nothing was taken out. */
export const NOTHING_OMITTED: Omitted = { total: 0, byType: {}, effects: [], gaps: [] };
