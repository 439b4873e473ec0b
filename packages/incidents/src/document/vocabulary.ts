import type {
  ActionTrigger,
  CloseClass,
  CloseConfidence,
  CloseVia,
  InitiatorType,
  ToolEffect,
  Watchdog,
} from "@otel-lifecycle/api";
import type { ErrorFacts } from "../evidence.ts";
import type { IncidentCause } from "../incident/cause.ts";
import type { GapCode } from "../incident/gap-code.ts";
import type { IncidentEvidence } from "../incident/incident-evidence.ts";
import type { IncidentFacts } from "../incident/incident-facts.ts";
import type { LegacyClassification, LegacyForm } from "../incident/legacy-form.ts";
import type { RunPhase, StreamPhase, ToolPhase } from "../incident/phases.ts";
import type { RetryRecommendation } from "../incident/retry-advice.ts";
import type { RunIncident } from "../incident/run-incident.ts";
import {
  CLOSE_CLASSES,
  CONFIDENCES,
  ERROR_PROOFS,
  INITIATORS,
  TOOL_EFFECTS,
  TRIGGERS,
  VIAS,
  WATCHDOGS,
} from "../sanitise/vocabulary.ts";
import { oneOf, type Shape } from "./shape.ts";

// Every word that an incident may hold where its type is a union.

type Role = NonNullable<IncidentEvidence["role"]>;
type Boundary = IncidentFacts["side_effects"]["boundary"];
type Safety = LegacyForm["retry_safety"]["recommendation"];

export const CLOSE_CLASS: Shape<CloseClass> = oneOf(CLOSE_CLASSES);
export const CLOSE_VIA: Shape<CloseVia> = oneOf(VIAS);
export const CONFIDENCE: Shape<CloseConfidence> = oneOf(CONFIDENCES);
export const EFFECT: Shape<ToolEffect> = oneOf(TOOL_EFFECTS);
export const INITIATOR: Shape<InitiatorType> = oneOf(INITIATORS);
export const PROOF: Shape<ErrorFacts["proof"]> = oneOf(ERROR_PROOFS);
export const TRIGGER: Shape<ActionTrigger> = oneOf(TRIGGERS);
export const WATCHDOG: Shape<Watchdog> = oneOf(WATCHDOGS);

export const RESULT: Shape<RunIncident["result"]> = oneOf<RunIncident["result"]>({
  interrupted: true,
  failed: true,
  lost: true,
});

export const CAUSE: Shape<IncidentCause> = oneOf<IncidentCause>({
  provider_transport_disconnect: true,
  provider_api_error: true,
  local_lifecycle_close: true,
  user_cancel: true,
  watchdog_timeout: true,
  request_setup_failure: true,
  tool_execution_failure: true,
  tool_execution_interrupted: true,
  crash_or_restart_incomplete: true,
  unknown_interruption: true,
});

export const RUN_PHASE: Shape<RunPhase> = oneOf<RunPhase>({
  before_provider_stream: true,
  streaming: true,
  tool_generation: true,
  tool_execution: true,
  post_tool: true,
  finalizing: true,
  unknown: true,
});

export const STREAM_PHASE: Shape<StreamPhase> = oneOf<StreamPhase>({
  before_first_event: true,
  before_first_provider_progress: true,
  text_generation: true,
  reasoning_generation: true,
  tool_input_generation: true,
  after_tool_input_end: true,
  after_tool_call: true,
  completed: true,
  unknown: true,
});

export const TOOL_PHASE: Shape<ToolPhase> = oneOf<ToolPhase>({
  none: true,
  tool_input_started: true,
  tool_input_completed: true,
  tool_call_materialized: true,
  tool_execution_started: true,
  tool_execution_completed: true,
  unknown: true,
});

export const BOUNDARY: Shape<Boundary> = oneOf<Boundary>({
  classified: true,
  unclassified: true,
  unknown: true,
});

export const RECOMMENDATION: Shape<RetryRecommendation> = oneOf<RetryRecommendation>({
  auto_retry: true,
  offer_continue: true,
  offer_resume_with_confirmation: true,
  ask_user_before_retry: true,
  do_not_retry: true,
  unknown: true,
});

export const GAP: Shape<GapCode> = oneOf<GapCode>({
  "lifecycle.close_requested": true,
  "lifecycle.request_context_missing": true,
  "side_effect.boundary_unknown": true,
  "evidence.ordering_missing": true,
  "tool.materialization_missing": true,
  "tool_execution.start_missing": true,
  "tool_input.start_missing": true,
});

export const METHOD: Shape<string> = oneOf({
  GET: true,
  HEAD: true,
  POST: true,
  PUT: true,
  PATCH: true,
  DELETE: true,
  OPTIONS: true,
  TRACE: true,
  QUERY: true,
});

export const ROLE: Shape<Role> = oneOf<Role>({ initiating: true, terminal: true });

export const CLASSIFICATION: Shape<LegacyClassification> = oneOf<LegacyClassification>({
  success: true,
  external_stream_disconnect: true,
  provider_api_error: true,
  local_instance_reload: true,
  local_instance_dispose: true,
  known_lifecycle_close: true,
  unknown_scope_close: true,
  request_setup_failure: true,
  tool_failure: true,
  unknown_failure: true,
});

export const SAFETY: Shape<Safety> = oneOf<Safety>({
  candidate_safe_auto_retry: true,
  do_not_auto_retry: true,
  ask_user: true,
  unknown: true,
});
