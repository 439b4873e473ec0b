import type { RunIncident } from "../incident/run-incident.ts";
import { chain } from "./chain-shape.ts";
import { evidence } from "./evidence-shape.ts";
import { facts } from "./facts-shape.ts";
import {
  CODE,
  HASH,
  INCIDENT_ID,
  KIND,
  PATH,
  REASON,
  RUN_ID,
  RUN_NAME,
  SPAN_ID,
  SUMMARY,
  SUMMARY_KEY,
  TIMESTAMP,
  TRACE_ID,
} from "./grammar.ts";
import { constant, list, record, type Shape, table, whole } from "./shape.ts";
import {
  CAUSE,
  CLASSIFICATION,
  CLOSE_CLASS,
  CLOSE_VIA,
  CONFIDENCE,
  GAP,
  RECOMMENDATION,
  RESULT,
  RUN_PHASE,
  SAFETY,
  STREAM_PHASE,
  TOOL_PHASE,
} from "./vocabulary.ts";

/** How many records an incident holds. */
const MAX_EVIDENCE = 24;
const MAX_GAPS = 7;
const MAX_CODES = 8;
const MAX_KEYS = 64;
export const MAX_PATHS = 64;
const MAX_TYPES = 64;

const gaps = list(GAP, MAX_GAPS);
const codes = list(CODE, MAX_CODES);

const run: Shape<RunIncident["run"]> = record<RunIncident["run"]>(
  { name: RUN_NAME },
  {
    id: RUN_ID,
    trace_id: TRACE_ID,
    span_id: SPAN_ID,
    scope_kind: KIND,
    scope_key: HASH,
    started_at: TIMESTAMP,
    ended_at: TIMESTAMP,
  },
);

/** One incident, field for field. */
export const INCIDENT: Shape<RunIncident> = record<RunIncident>(
  {
    schema_version: constant(1),
    incident_id: INCIDENT_ID,
    run,
    result: RESULT,
    close: record<RunIncident["close"]>(
      { class: CLOSE_CLASS, confidence: CONFIDENCE, via: CLOSE_VIA },
      { missing: codes },
    ),
    cause: CAUSE,
    phases: record<RunIncident["phases"]>(
      { run: RUN_PHASE, stream: STREAM_PHASE, tool: TOOL_PHASE },
      {},
    ),
    facts,
    retry: record<RunIncident["retry"]>(
      { recommendation: RECOMMENDATION, confidence: CONFIDENCE, reason: REASON, unknown: gaps },
      {},
    ),
    summary: SUMMARY,
    chain,
    gaps,
    affected_directory_keys: list(HASH, MAX_KEYS),
    evidence: list(evidence, MAX_EVIDENCE),
    omitted: record<RunIncident["omitted"]>(
      {
        total: whole(0, Number.MAX_SAFE_INTEGER),
        by_type: table(KIND, whole(0, Number.MAX_SAFE_INTEGER), MAX_TYPES),
      },
      {},
    ),
    redactions: list(PATH, MAX_PATHS),
    classification: CLASSIFICATION,
    summary_key: SUMMARY_KEY,
    retry_safety: record<RunIncident["retry_safety"]>(
      { recommendation: SAFETY, confidence: CONFIDENCE, reason: REASON },
      {},
    ),
  },
  { subcause: KIND, missing_provenance: codes },
);
