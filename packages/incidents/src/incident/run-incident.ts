import type { CloseClass, CloseConfidence, CloseVia, RunResult } from "@otel-lifecycle/api";
import type { IncidentCause } from "./cause.ts";
import type { GapCode } from "./gap-code.ts";
import type { IncidentChain } from "./incident-chain.ts";
import type { IncidentEvidence } from "./incident-evidence.ts";
import type { IncidentFacts } from "./incident-facts.ts";
import type { LegacyForm } from "./legacy-form.ts";
import type { Phases } from "./phases.ts";
import type { RetryAdvice } from "./retry-advice.ts";

// The exported form: what `run-incidents.schema.json` describes. What is absent is not known.

/** The structured, sanitised account of one run that did not complete. */
export interface RunIncident extends LegacyForm {
  readonly schema_version: 1;
  /** Unique to the run: from its trace and span where it has them. */
  readonly incident_id: string;
  readonly run: {
    readonly id?: string;
    readonly name: string;
    readonly trace_id?: string;
    readonly span_id?: string;
    readonly scope_kind?: string;
    readonly scope_key?: string;
    /** RFC 3339, UTC, with milliseconds. */
    readonly started_at?: string;
    readonly ended_at?: string;
  };
  readonly result: Exclude<RunResult, "completed">;
  readonly close: {
    readonly class: CloseClass;
    readonly confidence: CloseConfidence;
    readonly via: CloseVia;
    readonly missing?: readonly string[];
  };
  readonly cause: IncidentCause;
  readonly subcause?: string;
  readonly phases: Phases;
  readonly facts: IncidentFacts;
  readonly retry: RetryAdvice;
  /** One plain English line. */
  readonly summary: string;
  readonly chain: IncidentChain;
  readonly gaps: readonly GapCode[];
  /** Keyed hashes, 16 hexadecimal digits, of directories that the close touched. */
  readonly affected_directory_keys: readonly string[];
  /** In order, at most 24. */
  readonly evidence: readonly IncidentEvidence[];
  readonly omitted: { readonly total: number; readonly by_type: Readonly<Record<string, number>> };
  /** Paths of what was withheld, e.g. `evidence.tool`. */
  readonly redactions: readonly string[];
}

/** The document that is exported. */
export interface RunIncidents {
  readonly schema_version: 1;
  readonly run_incidents: readonly RunIncident[];
}
