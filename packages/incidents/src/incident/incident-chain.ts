import type { ActionTrigger, InitiatorType } from "@otel-lifecycle/api";
import type { GapCode } from "./gap-code.ts";

/** An action on the way to who asked first. */
export interface ChainAction {
  readonly id: string;
  readonly kind: string;
  readonly trigger: ActionTrigger;
  readonly operation?: string;
  readonly signal?: string;
  readonly initiator?: InitiatorType;
  readonly scope_kind?: string;
  readonly scope_key?: string;
  readonly trace_id?: string;
  readonly span_id?: string;
}

/** From the run to who asked for its end. */
export interface IncidentChain {
  /** The nearest first. */
  readonly actions: readonly ChainAction[];
  /** The first on the way whose trigger is known. */
  readonly nearest_origin?: {
    readonly trigger: ActionTrigger;
    readonly action_id: string;
    readonly operation?: string;
    readonly signal?: string;
    readonly initiator?: InitiatorType;
  };
  /** The nearest HTTP request on the way. */
  readonly nearest_request?: {
    readonly method: string;
    /** A template. */
    readonly route: string;
    readonly action_id: string;
  };
  readonly gaps: readonly GapCode[];
}
