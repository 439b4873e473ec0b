import type { Attributes } from "@opentelemetry/api";
import {
  ATTR_CLOSE_ACTION_KIND,
  ATTR_CLOSE_CLASS,
  ATTR_ERROR_TYPE,
  ATTR_RUN_RESULT,
  ATTR_SCOPE_KIND,
  type Close,
  resultOf,
} from "@otel-lifecycle/api";
import { failureOf, type ManagedRun } from "@otel-lifecycle/api/internal";

/** What a run's duration is told apart by: no id, no key, `error.type` where it failed. */
export const runAttributes = (
  { scope, timeoutResult }: ManagedRun,
  close: Close,
  boundErrorType: (errorType: string) => string,
): Attributes => {
  const result = resultOf(close, timeoutResult);
  const attributes: Attributes = {
    [ATTR_RUN_RESULT]: result,
    [ATTR_SCOPE_KIND]: scope.kind,
  };
  if (close.type === "completed") return attributes;
  attributes[ATTR_CLOSE_CLASS] = close.type;
  if (close.type === "lifecycle_action") attributes[ATTR_CLOSE_ACTION_KIND] = close.action.kind;
  if (result === "failed" || result === "lost") {
    attributes[ATTR_ERROR_TYPE] = boundErrorType(failureOf(close));
  }
  return attributes;
};
