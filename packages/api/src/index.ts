// Scopes

// Actions
export { type Action, type ActionOptions, currentAction } from "./actions/action.ts";
export { startAction } from "./actions/begin-action.ts";
export { withAction } from "./actions/with-action.ts";
// Semantic conventions
export {
  type ActionResult,
  type ActionTrigger,
  ATTR_ACTION_COMPLETED_RUN_COUNT,
  ATTR_ACTION_COVERED_RUN_COUNT,
  ATTR_ACTION_FAILED_RUN_COUNT,
  ATTR_ACTION_ID,
  ATTR_ACTION_INTERRUPTED_RUN_COUNT,
  ATTR_ACTION_KIND,
  ATTR_ACTION_OPERATION,
  ATTR_ACTION_OTHER_RUN_COUNT,
  ATTR_ACTION_PARENT_ID,
  ATTR_ACTION_RESULT,
  ATTR_ACTION_ROOT_ID,
  ATTR_ACTION_SIGNAL,
  ATTR_ACTION_TRIGGER,
  ATTR_ACTION_UNSETTLED_RUN_COUNT,
  ATTR_CLOSE_ACTION_ID,
  ATTR_CLOSE_ACTION_KIND,
  ATTR_CLOSE_ACTION_SPAN_ID,
  ATTR_CLOSE_ACTION_TRACE_ID,
  ATTR_CLOSE_ACTION_TRIGGER,
  ATTR_CLOSE_CLASS,
  ATTR_CLOSE_CONFIDENCE,
  ATTR_CLOSE_ERROR_TYPE,
  ATTR_CLOSE_INHERITED_CLASS,
  ATTR_CLOSE_MISSING,
  ATTR_CLOSE_VIA,
  ATTR_ERROR_TYPE,
  ATTR_INCIDENT_CAUSE,
  ATTR_INCIDENT_PHASE,
  ATTR_INCIDENT_RETRY_RECOMMENDATION,
  ATTR_INCIDENT_SUBCAUSE,
  ATTR_INITIATOR_TYPE,
  ATTR_INTERRUPT_DURATION,
  ATTR_INTERRUPT_RESULT,
  ATTR_K8S_CONTAINER_STATUS_LAST_TERMINATED_REASON,
  ATTR_LINK_TYPE,
  ATTR_LOSS_REASON,
  ATTR_LOSS_SIGNAL,
  ATTR_LOSS_SOURCE,
  ATTR_PROCESS_EXIT_CODE,
  ATTR_RUN_ID,
  ATTR_RUN_RECOVERED,
  ATTR_RUN_RESULT,
  ATTR_SAMPLING_RESCUED,
  ATTR_SCOPE_KEY,
  ATTR_SCOPE_KIND,
  type CloseClass,
  type CloseConfidence,
  type CloseVia,
  EVENT_RUN_EVIDENCE,
  EVENT_RUN_INCIDENT,
  type InitiatorType,
  type InterruptResult,
  type LinkType,
  type LossReason,
  type LossSource,
  METRIC_ACTION_DURATION,
  METRIC_INTERRUPT_DURATION,
  METRIC_RUN_ACTIVE,
  METRIC_RUN_DURATION,
  type RunResult,
  SCHEMA_URL,
} from "./attributes.ts";
// Actions across processes
export { extract } from "./carriers/extract.ts";
export { inject } from "./carriers/inject.ts";
// How a run ended
export {
  type ActionId,
  type ActionRef,
  type Close,
  resultOf,
  type Verdict,
} from "./closes/close.ts";
export { userCancel } from "./closes/reason.ts";
// The evidence of a run
export type {
  EvidenceFacts,
  EvidenceType,
  ExposedTool,
  KnownEvidenceType,
  ToolEffect,
  Watchdog,
} from "./evidence/evidence.ts";
// What is in flight, and what went wrong
export { LifecycleError, type LifecycleErrorCode } from "./lifecycle-error.ts";
export type { Observed } from "./observed.ts";
// Runs
export { startRun } from "./runs/begin-run.ts";
export { currentRun, type Run, type RunOptions, type RunSettings } from "./runs/run.ts";
export { withRun } from "./runs/with-run.ts";
export { withScope } from "./scopes/current-scope.ts";
export { directoryScope } from "./scopes/directory.ts";
export { createScope, processScope, type Scope, type ScopeOptions } from "./scopes/scope.ts";
export { type LifecycleSnapshot, lifecycleSnapshot } from "./snapshot.ts";
