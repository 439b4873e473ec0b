import {
  ATTR_ACTION_KIND,
  ATTR_CLOSE_ACTION_KIND,
  ATTR_CLOSE_CLASS,
  ATTR_INTERRUPT_RESULT,
  ATTR_RUN_RESULT,
  ATTR_SCOPE_KIND,
  METRIC_INTERRUPT_DURATION,
  METRIC_RUN_ACTIVE,
} from "@otel-lifecycle/api";

type Label =
  | "runResult"
  | "closeClass"
  | "closeActionKind"
  | "actionKind"
  | "scopeKind"
  | "interruptResult";

/** A name of OpenTelemetry as the Collector's Prometheus exporter and Prometheus itself write it. */
const prometheusName = (name: string): string => name.replace(/[^a-zA-Z0-9_]/g, "_");

/** The labels of our metrics, derived from the attributes, so that a rename shows. */
export const LABEL: Readonly<Record<Label, string>> = {
  runResult: prometheusName(ATTR_RUN_RESULT),
  closeClass: prometheusName(ATTR_CLOSE_CLASS),
  closeActionKind: prometheusName(ATTR_CLOSE_ACTION_KIND),
  actionKind: prometheusName(ATTR_ACTION_KIND),
  scopeKind: prometheusName(ATTR_SCOPE_KIND),
  interruptResult: prometheusName(ATTR_INTERRUPT_RESULT),
};

/** What the application's own SDK counts, and no Collector can: it needs a meter provider there. */
export const SDK_METRIC: Readonly<Record<"runActive" | "interruptDuration", string>> = {
  runActive: prometheusName(METRIC_RUN_ACTIVE),
  interruptDuration: `${prometheusName(METRIC_INTERRUPT_DURATION)}_seconds`,
};

/**
 * Who counts runs and actions, by the beginning of their metrics' names. The same run is in both,
 * so a panel never adds them up.
 */
export const SOURCES: Readonly<Record<string, string>> = {
  "gateway (from spans)": "lifecycle_spanmetrics",
  "application (SDK metrics)": "lifecycle",
};
