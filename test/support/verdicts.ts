import { type Carrier, carriersOf } from "./conventions.ts";
import type { Attributes, OtlpSpan } from "./otlp-span.ts";

// What has to stand together on one span, beyond where each attribute may stand.

const OURS = "@otel-lifecycle/api";

const RESULTS: Readonly<Record<string, readonly string[]>> = {
  lifecycle_action: ["interrupted", "lost"],
  user_cancel: ["interrupted"],
  client_disconnect: ["interrupted"],
  timeout: ["failed", "interrupted"],
  upstream_disconnect: ["failed"],
  error: ["failed"],
  unknown_scope_close: ["interrupted"],
  process_lost: ["lost"],
};

const START = ["lifecycle.run.id", "lifecycle.scope.kind", "lifecycle.scope.key"];
const ACTION_ON_BELOW = ["id", "kind", "trigger"].map((name) => `lifecycle.close.action.${name}`);
const ACTION_ON_RUN = [
  ...ACTION_ON_BELOW,
  "lifecycle.close.action.trace_id",
  "lifecycle.close.action.span_id",
];

/** Which conditions of the conventions a span does not meet. */
export const verdictBreaches = (span: OtlpSpan): readonly string[] => {
  const [carrier] = carriersOf(span);
  if (carrier === undefined) return [];
  return [...CHECKS[carrier](span), ...statusBreaches(span, carrier)];
};

const runBreaches = ({ attributes }: OtlpSpan): readonly string[] => {
  const result = String(attributes["lifecycle.run.result"]);
  const given = ours(attributes);
  if (result === "completed") {
    const more = given.filter((name) => !["lifecycle.run.result", ...START].includes(name));
    return more.map((name) => `${name} on a completed run`);
  }
  const closeClass = String(attributes["lifecycle.close.class"]);
  const results = RESULTS[closeClass] ?? [];
  return [
    ...lacking(attributes, ["lifecycle.close.class", "lifecycle.close.confidence"]),
    ...(results.includes(result) ? [] : [`${closeClass} with result ${result}`]),
    ...exactly(attributes, ACTION_ON_RUN, closeClass === "lifecycle_action"),
    ...exactly(attributes, ["lifecycle.close.missing"], closeClass === "unknown_scope_close"),
  ];
};

const actionBreaches = ({ attributes }: OtlpSpan): readonly string[] => {
  const count = (name: string) => Number(attributes[`lifecycle.action.${name}_run_count`]);
  const parts = ["interrupted", "completed", "failed", "other", "unsettled"].map(count);
  const sum = parts.reduce((total, part) => total + part, 0);
  const isNested = "lifecycle.action.parent_id" in attributes;
  return [
    ...lacking(attributes, ["lifecycle.action.kind", "lifecycle.action.result"]),
    ...exactly(attributes, ["lifecycle.action.root_id"], isNested),
    ...(sum === count("covered") ? [] : [`${parts.join(" + ")} is not ${count("covered")}`]),
  ];
};

const belowBreaches = ({ attributes }: OtlpSpan): readonly string[] => {
  const closeClass = attributes["lifecycle.close.inherited_class"];
  return exactly(attributes, ACTION_ON_BELOW, closeClass === "lifecycle_action");
};

const CHECKS: Readonly<Record<Carrier, (span: OtlpSpan) => readonly string[]>> = {
  run: runBreaches,
  action: actionBreaches,
  below: belowBreaches,
  interrupt: ({ attributes }) => lacking(attributes, ["lifecycle.interrupt.duration"]),
  link: () => [],
};

// Failed or lost means ERROR with error.type, and the other way round, on spans that are ours.
const statusBreaches = (span: OtlpSpan, carrier: Carrier): readonly string[] => {
  const { attributes, scope, status, statusMessage } = span;
  if (scope !== OURS) return [];
  const result = attributes[`lifecycle.${carrier}.result`];
  const isFailed = result === "failed" || result === "lost";
  const closeClass = attributes["lifecycle.close.class"];
  return [
    ...(status === (isFailed ? "ERROR" : "UNSET") ? [] : [`${carrier} ${result} with ${status}`]),
    ...(statusMessage ? [`status message ${statusMessage}`] : []),
    ...exactly(attributes, ["error.type"], isFailed),
    ...(isFailed && closeClass === "timeout" && attributes["error.type"] !== "timeout"
      ? [`timeout with error.type ${attributes["error.type"]}`]
      : []),
  ];
};

const ours = (attributes: Attributes): readonly string[] =>
  Object.keys(attributes).filter((name) => name.startsWith("lifecycle."));

const lacking = (attributes: Attributes, names: readonly string[]): readonly string[] =>
  names.filter((name) => !(name in attributes)).map((name) => `lacks ${name}`);

/** All of the names if the condition holds, else none of them. */
const exactly = (
  attributes: Attributes,
  names: readonly string[],
  condition: boolean,
): readonly string[] =>
  condition
    ? lacking(attributes, names)
    : names.filter((name) => name in attributes).map((name) => `${name} without cause`);
