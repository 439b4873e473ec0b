import type { CloseClass, ToolEffect, Watchdog } from "@otel-lifecycle/api";
import type { ErrorFacts } from "../evidence.ts";

/** One kept piece of evidence. */
export interface IncidentEvidence {
  /** Its place within the run, from 1; those that were left out have had theirs. */
  readonly order: number;
  readonly type: string;
  readonly source: string;
  readonly attempt?: number;
  /** In seconds from the run's beginning. */
  readonly time?: number;
  readonly count?: number;
  /** It is what initiated the end, or what the run ended with. */
  readonly role?: "initiating" | "terminal";
  readonly tool?: string;
  readonly tool_call?: number;
  readonly effect?: ToolEffect;
  readonly provider_executed?: boolean;
  readonly error?: {
    readonly proof: ErrorFacts["proof"];
    readonly name?: string;
    readonly code?: string;
    readonly cause_name?: string;
    readonly cause_code?: string;
  };
  /** Who asked, and for what the run was told to stop: the action, if it was one. */
  readonly close?: {
    readonly class: CloseClass;
    readonly action_id?: string;
    readonly action_kind?: string;
  };
  readonly error_kind?: string;
  readonly status?: number;
  readonly watchdog?: Watchdog;
  readonly name?: string;
  /** In seconds. */
  readonly duration?: number;
  /** Left out directly before this one, by the bound. */
  readonly omitted_before?: number;
  readonly redactions?: readonly string[];
}
