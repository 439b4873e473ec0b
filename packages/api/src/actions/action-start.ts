import type { Attributes, Context, Span } from "@opentelemetry/api";
import type { InitiatorType } from "../attributes.ts";
import type { ActionCell } from "../lifecycle-context.ts";
import type { ManagedRun } from "../runs/managed-run.ts";
import type { ScopeNode } from "../scopes/scope.ts";
import type { Cover } from "./cover.ts";
import type { Tally } from "./tally.ts";

/** What an action's cell begins with. */
export interface ActionStart {
  readonly span: Span;
  readonly context: Context;
  readonly scope: ScopeNode;
  readonly cover: Cover;
  readonly cell: ActionCell;
  readonly tally: Tally;
  /** The runs in whose code it is started. */
  readonly hosts: readonly ManagedRun[];
  /** Added to the monotonic clock it gives the clock of the action's span, in ms. */
  readonly epoch: number;
  readonly settleTimeoutMs: number;
}

/** What is known of an action besides its cell: who asked for it, and what it closes. */
export interface ActionProvenance {
  readonly operation: string | undefined;
  readonly signal: string | undefined;
  readonly initiator: InitiatorType | undefined;
  /** `lifecycle.scope.*` */
  readonly scope: Readonly<Attributes>;
}
