import type {
  ActionTrigger,
  CloseClass,
  CloseConfidence,
  CloseVia,
  InitiatorType,
  KnownEvidenceType,
  RunResult,
  ToolEffect,
  Watchdog,
} from "@otel-lifecycle/api";
import type { ErrorFacts, RequestedClose } from "../evidence.ts";

// The closed lists. Each names all members of its type, or does not compile.

type Listed<T extends string> = Readonly<Record<T, true>>;

/** True for a member of the list; whatever else is no word of ours. */
export const isOneOf =
  <T extends string>(list: Listed<T>) =>
  (value: unknown): value is T =>
    typeof value === "string" && Object.hasOwn(list, value);

export const TOOL_EFFECTS: Listed<ToolEffect> = {
  read_only: true,
  local_file_write: true,
  local_process: true,
  external: true,
  unknown: true,
};

export const WATCHDOGS: Listed<Watchdog> = { connect: true, silent_stream: true, unknown: true };

export const ERROR_PROOFS: Listed<ErrorFacts["proof"]> = {
  reason: true,
  timeout: true,
  upstream_disconnect: true,
  aborted: true,
  error: true,
};

export const RUN_RESULTS: Listed<RunResult> = {
  completed: true,
  interrupted: true,
  failed: true,
  lost: true,
};

export const REQUESTED_CLASSES: Listed<RequestedClose["class"]> = {
  lifecycle_action: true,
  user_cancel: true,
  client_disconnect: true,
  timeout: true,
  upstream_disconnect: true,
  unknown_scope_close: true,
};

export const CLOSE_CLASSES: Listed<CloseClass> = {
  ...REQUESTED_CLASSES,
  error: true,
  process_lost: true,
};

export const CONFIDENCES: Listed<CloseConfidence> = { high: true, medium: true, low: true };

export const VIAS: Listed<CloseVia> = {
  registry: true,
  signal_reason: true,
  error: true,
  context: true,
  api: true,
  deadline: true,
  response: true,
  shutdown: true,
  journal: true,
  collector: true,
};

export const TRIGGERS: Listed<ActionTrigger> = {
  http: true,
  signal: true,
  cli: true,
  config: true,
  watch: true,
  supervisor: true,
  runtime: true,
  unknown: true,
};

export const INITIATORS: Listed<InitiatorType> = {
  user: true,
  deployment: true,
  supervisor: true,
  developer: true,
  application: true,
};

export const KNOWN_TYPES: Listed<KnownEvidenceType> = {
  attempt_started: true,
  stream_opened: true,
  provider_progress: true,
  text_output_started: true,
  reasoning_output_started: true,
  stream_completed: true,
  side_effect_boundary: true,
  tool_input_started: true,
  tool_input_completed: true,
  tool_call_materialized: true,
  tool_execution_started: true,
  tool_execution_completed: true,
  tool_execution_failed: true,
  pending_tool_interrupted: true,
  transport_failure: true,
  provider_error: true,
  watchdog_fired: true,
  request_setup_failed: true,
  close_requested: true,
  close_propagated: true,
  run_ended: true,
  finalizer_started: true,
  finalizer_completed: true,
  finalizer_failed: true,
};
