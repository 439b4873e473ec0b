/**
 * The names of the semantic conventions: the contract with backends, collector pipelines,
 * dashboards and the command line. Stability: development. Everything that reads or writes
 * a `lifecycle.*` attribute takes its name from here.
 */

// How a run ended, and what it is.
export const ATTR_RUN_RESULT = "lifecycle.run.result";
export const ATTR_RUN_ID = "lifecycle.run.id";
export const ATTR_RUN_RECOVERED = "lifecycle.run.recovered";
export const ATTR_SAMPLING_RESCUED = "lifecycle.sampling.rescued";
export const ATTR_SCOPE_KIND = "lifecycle.scope.kind";
export const ATTR_SCOPE_KEY = "lifecycle.scope.key";

// What closed it.
export const ATTR_CLOSE_CLASS = "lifecycle.close.class";
export const ATTR_CLOSE_CONFIDENCE = "lifecycle.close.confidence";
export const ATTR_CLOSE_VIA = "lifecycle.close.via";
export const ATTR_CLOSE_MISSING = "lifecycle.close.missing";
export const ATTR_CLOSE_ERROR_TYPE = "lifecycle.close.error.type";
export const ATTR_CLOSE_ACTION_ID = "lifecycle.close.action.id";
export const ATTR_CLOSE_ACTION_KIND = "lifecycle.close.action.kind";
export const ATTR_CLOSE_ACTION_TRIGGER = "lifecycle.close.action.trigger";
export const ATTR_CLOSE_ACTION_TRACE_ID = "lifecycle.close.action.trace_id";
export const ATTR_CLOSE_ACTION_SPAN_ID = "lifecycle.close.action.span_id";
export const ATTR_CLOSE_INHERITED_CLASS = "lifecycle.close.inherited_class";
export const ATTR_INTERRUPT_DURATION = "lifecycle.interrupt.duration";
export const ATTR_INTERRUPT_RESULT = "lifecycle.interrupt.result";

// What the system said of the end of a process whose run was lost: evidence, never a guess.
export const ATTR_LOSS_REASON = "lifecycle.loss.reason";
export const ATTR_LOSS_SOURCE = "lifecycle.loss.source";
export const ATTR_LOSS_SIGNAL = "lifecycle.loss.signal";

// What an incident says of a run that did not complete.
export const ATTR_INCIDENT_CAUSE = "lifecycle.incident.cause";
export const ATTR_INCIDENT_SUBCAUSE = "lifecycle.incident.subcause";
export const ATTR_INCIDENT_PHASE = "lifecycle.incident.phase";
export const ATTR_INCIDENT_RETRY_RECOMMENDATION = "lifecycle.incident.retry.recommendation";

// What an action did.
export const ATTR_ACTION_ID = "lifecycle.action.id";
export const ATTR_ACTION_KIND = "lifecycle.action.kind";
export const ATTR_ACTION_PARENT_ID = "lifecycle.action.parent_id";
export const ATTR_ACTION_ROOT_ID = "lifecycle.action.root_id";
export const ATTR_ACTION_TRIGGER = "lifecycle.action.trigger";
export const ATTR_ACTION_OPERATION = "lifecycle.action.operation";
export const ATTR_ACTION_SIGNAL = "lifecycle.action.signal";
export const ATTR_INITIATOR_TYPE = "lifecycle.initiator.type";
export const ATTR_ACTION_RESULT = "lifecycle.action.result";
export const ATTR_ACTION_COVERED_RUN_COUNT = "lifecycle.action.covered_run_count";
export const ATTR_ACTION_INTERRUPTED_RUN_COUNT = "lifecycle.action.interrupted_run_count";
export const ATTR_ACTION_COMPLETED_RUN_COUNT = "lifecycle.action.completed_run_count";
export const ATTR_ACTION_FAILED_RUN_COUNT = "lifecycle.action.failed_run_count";
export const ATTR_ACTION_OTHER_RUN_COUNT = "lifecycle.action.other_run_count";
export const ATTR_ACTION_UNSETTLED_RUN_COUNT = "lifecycle.action.unsettled_run_count";

// Log-based events.
export const EVENT_RUN_EVIDENCE = "lifecycle.run.evidence";
export const EVENT_RUN_INCIDENT = "lifecycle.run.incident";

// In carriers between processes, never on a span.
export const ENTRY_CAUSE = "lifecycle.cause";

// On links.
export const ATTR_LINK_TYPE = "lifecycle.link.type";

// Metrics.
export const METRIC_RUN_ACTIVE = "lifecycle.run.active";
export const METRIC_RUN_DURATION = "lifecycle.run.duration";
export const METRIC_ACTION_DURATION = "lifecycle.action.duration";
export const METRIC_INTERRUPT_DURATION = "lifecycle.interrupt.duration";

/** `error.type` of the OpenTelemetry semantic conventions (stable). */
export const ATTR_ERROR_TYPE = "error.type";

/** `process.exit.code` of the OpenTelemetry semantic conventions (development), here of a process that is gone. */
export const ATTR_PROCESS_EXIT_CODE = "process.exit.code";

/** `k8s.container.status.last_terminated_reason` of the OpenTelemetry semantic conventions (development). */
export const ATTR_K8S_CONTAINER_STATUS_LAST_TERMINATED_REASON =
  "k8s.container.status.last_terminated_reason";

/** Where the conventions above are published; our instrumentation scopes carry it. */
export const SCHEMA_URL = "https://otel-lifecycle.dev/schemas/0.1.0";

/** Values of {@link ATTR_RUN_RESULT}: how a run ended. */
export type RunResult = "completed" | "interrupted" | "failed" | "lost";

/** Values of {@link ATTR_CLOSE_CLASS}: what closed a run that did not complete. */
export type CloseClass =
  | "lifecycle_action"
  | "user_cancel"
  | "client_disconnect"
  | "timeout"
  | "upstream_disconnect"
  | "error"
  | "unknown_scope_close"
  | "process_lost";

/**
 * Values of {@link ATTR_CLOSE_CONFIDENCE}: `high`, the proof names this run; `medium`, it was
 * covered or the context says so; `low`, it was asked, and then it returned.
 */
export type CloseConfidence = "high" | "medium" | "low";

/** Values of {@link ATTR_CLOSE_VIA}: the rail on which the proof was found. */
export type CloseVia =
  | "registry"
  | "signal_reason"
  | "error"
  | "context"
  | "api"
  | "deadline"
  | "response"
  | "shutdown"
  | "journal"
  | "collector";

/** Values of {@link ATTR_ACTION_TRIGGER}: what asked for the action. */
export type ActionTrigger =
  | "http"
  | "signal"
  | "cli"
  | "config"
  | "watch"
  | "supervisor"
  | "runtime"
  | "unknown";

/** Values of {@link ATTR_INITIATOR_TYPE}: who stands behind the trigger, where it is known. */
export type InitiatorType = "user" | "deployment" | "supervisor" | "developer" | "application";

/** Values of {@link ATTR_ACTION_RESULT}. */
export type ActionResult = "completed" | "failed" | "unsettled";

/** Values of {@link ATTR_INTERRUPT_RESULT}. */
export type InterruptResult = "stopped" | "unsettled";

/** Values of {@link ATTR_LOSS_REASON}: what ended the process, as far as somebody said so. */
export type LossReason = "oom_kill" | "signal" | "exit" | "unknown";

/** Values of {@link ATTR_LOSS_SOURCE}: who said so. */
export type LossSource = "kubernetes" | "supervisor" | "cgroup";

/** Values of {@link ATTR_LINK_TYPE}. */
export type LinkType = "closed_by" | "interrupts";
