import type { Attributes, OtlpSpan, Value } from "./otlp-span.ts";

// The contract of the semantic conventions as a table, written down a second time on purpose: what
// the code exports is checked against it, and so are the names that it exports.

/** What a span or link with `lifecycle.*` attributes is. */
export type Carrier = "run" | "action" | "interrupt" | "below" | "link";

interface Convention {
  readonly on: readonly Carrier[];
  readonly accepts: (value: Value | undefined) => boolean;
}

const matching = (pattern: RegExp) => (value: Value | undefined) =>
  typeof value === "string" && pattern.test(value);
const oneOf = (...values: readonly string[]) => matching(new RegExp(`^(?:${values.join("|")})$`));
const count = (value: Value | undefined) => Number.isSafeInteger(value) && Number(value) >= 0;
const seconds = (value: Value | undefined) => typeof value === "number" && value >= 0 && value < 60;
const on = (accepts: Convention["accepts"], ...carriers: readonly Carrier[]): Convention => ({
  on: carriers,
  accepts,
});

const token = matching(/^[a-z_][a-z0-9_]{0,31}$/);
const actionId = matching(/^[a-z0-9_-]{1,64}$/);
const traceId = matching(/^(?!0+$)[0-9a-f]{32}$/);
const spanId = matching(/^(?!0+$)[0-9a-f]{16}$/);
const errorType = matching(/^[\w$.]{1,64}$/);
const trigger = oneOf(
  "http",
  "signal",
  "cli",
  "config",
  "watch",
  "supervisor",
  "runtime",
  "unknown",
);
const closeClass = oneOf(
  "lifecycle_action",
  "user_cancel",
  "client_disconnect",
  "timeout",
  "upstream_disconnect",
  "error",
  "unknown_scope_close",
  "process_lost",
);
const missing = (value: Value | undefined) =>
  Array.isArray(value) && value.length > 0 && value.every(matching(/^[a-z_]+\.[a-z_]+$/));

/** Where each attribute may stand, and which values it may have. */
export const CONVENTIONS: Readonly<Record<string, Convention>> = {
  "lifecycle.run.result": on(oneOf("completed", "interrupted", "failed", "lost"), "run"),
  "lifecycle.run.id": on(matching(/^[\w.:-]{1,64}$/), "run", "interrupt"),
  "lifecycle.run.recovered": on((value) => value === true, "run"),
  "lifecycle.sampling.rescued": on((value) => value === true, "run", "action"),
  "lifecycle.scope.kind": on(token, "run", "action"),
  "lifecycle.scope.key": on(matching(/^[0-9a-f]{16}$/), "run", "action"),
  "lifecycle.close.class": on(closeClass, "run"),
  "lifecycle.close.confidence": on(oneOf("high", "medium", "low"), "run"),
  "lifecycle.close.via": on(
    oneOf(
      "registry",
      "signal_reason",
      "error",
      "context",
      "api",
      "deadline",
      "response",
      "shutdown",
      "journal",
      "collector",
    ),
    "run",
  ),
  "lifecycle.close.missing": on(missing, "run"),
  "lifecycle.close.error.type": on(errorType, "run"),
  "lifecycle.close.action.id": on(actionId, "run", "below"),
  "lifecycle.close.action.kind": on(token, "run", "below"),
  "lifecycle.close.action.trigger": on(trigger, "run", "below"),
  "lifecycle.close.action.trace_id": on(traceId, "run"),
  "lifecycle.close.action.span_id": on(spanId, "run"),
  "lifecycle.close.inherited_class": on(closeClass, "below"),
  "lifecycle.loss.reason": on(oneOf("oom_kill", "signal", "exit", "unknown"), "run"),
  "lifecycle.loss.source": on(oneOf("kubernetes", "supervisor", "cgroup"), "run"),
  "lifecycle.loss.signal": on(matching(/^SIG[A-Z0-9]+$/), "run"),
  "lifecycle.incident.cause": on(
    oneOf(
      "provider_transport_disconnect",
      "provider_api_error",
      "local_lifecycle_close",
      "user_cancel",
      "watchdog_timeout",
      "request_setup_failure",
      "tool_execution_failure",
      "tool_execution_interrupted",
      "crash_or_restart_incomplete",
      "unknown_interruption",
    ),
    "run",
  ),
  "lifecycle.incident.subcause": on(token, "run"),
  "lifecycle.incident.phase": on(
    oneOf(
      "before_provider_stream",
      "streaming",
      "tool_generation",
      "tool_execution",
      "post_tool",
      "finalizing",
      "unknown",
    ),
    "run",
  ),
  "lifecycle.incident.retry.recommendation": on(
    oneOf(
      "auto_retry",
      "offer_continue",
      "offer_resume_with_confirmation",
      "ask_user_before_retry",
      "do_not_retry",
      "unknown",
    ),
    "run",
  ),
  "lifecycle.interrupt.duration": on(seconds, "run", "interrupt"),
  "lifecycle.interrupt.result": on(oneOf("stopped", "unsettled"), "interrupt"),
  "lifecycle.action.id": on(actionId, "action"),
  "lifecycle.action.kind": on(token, "action"),
  "lifecycle.action.parent_id": on(actionId, "action"),
  "lifecycle.action.root_id": on(actionId, "action"),
  "lifecycle.action.trigger": on(trigger, "action"),
  "lifecycle.action.operation": on(matching(/^.{1,100}$/), "action"),
  "lifecycle.action.signal": on(matching(/^SIG[A-Z0-9]+$/), "action"),
  "lifecycle.initiator.type": on(
    oneOf("user", "deployment", "supervisor", "developer", "application"),
    "action",
  ),
  "lifecycle.action.result": on(oneOf("completed", "failed", "unsettled"), "action"),
  "lifecycle.action.covered_run_count": on(count, "action"),
  "lifecycle.action.interrupted_run_count": on(count, "action"),
  "lifecycle.action.completed_run_count": on(count, "action"),
  "lifecycle.action.failed_run_count": on(count, "action"),
  "lifecycle.action.other_run_count": on(count, "action"),
  "lifecycle.action.unsettled_run_count": on(count, "action"),
  "lifecycle.link.type": on(oneOf("closed_by", "interrupts"), "link"),
};

/** Names of OpenTelemetry's own conventions that stand beside ours. */
export const FOREIGN: readonly string[] = [
  "error.type",
  "k8s.container.status.last_terminated_reason",
  "process.exit.code",
];

const isOurs = (name: string): boolean => name.startsWith("lifecycle.");

/** What carries the attributes; undefined for a span that has none of ours. */
export const carriersOf = ({ attributes }: OtlpSpan): readonly Carrier[] => {
  const found: Carrier[] = [];
  if ("lifecycle.run.result" in attributes) found.push("run");
  if ("lifecycle.action.id" in attributes) found.push("action");
  if ("lifecycle.interrupt.result" in attributes) found.push("interrupt");
  if ("lifecycle.close.inherited_class" in attributes) found.push("below");
  return found;
};

/** Which attributes stand where they may not, or have a value that they may not have. */
export const attributeBreaches = (span: OtlpSpan): readonly string[] => {
  const [carrier, ...others] = carriersOf(span);
  const ours = Object.keys(span.attributes).filter(isOurs);
  if (carrier === undefined) return ours.length === 0 ? [] : [`${ours} on nothing of ours`];
  if (others.length > 0) return [`is ${[carrier, ...others].join(" and ")} at once`];
  return [
    ...misplaced(span.attributes, carrier),
    ...span.links.flatMap(({ attributes }) => misplaced(attributes, "link")),
  ];
};

const misplaced = (attributes: Attributes, carrier: Carrier): readonly string[] =>
  Object.keys(attributes)
    .filter((name) => isOurs(name) || carrier === "link")
    .flatMap((name) => {
      const convention = CONVENTIONS[name];
      if (convention === undefined) return [`${name} is in no table`];
      if (!convention.on.includes(carrier)) return [`${name} on ${carrier}`];
      const value = attributes[name];
      return convention.accepts(value) ? [] : [`${name} = ${JSON.stringify(value)}`];
    });
