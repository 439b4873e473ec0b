import type { ArrivedSpan } from "../driver/otlp.ts";
import { type Cause, causesOf } from "../truth/causes.ts";
import type { RunTruth } from "../truth/history.ts";
import type { Life } from "../truth/life.ts";
import { ATTR_ENDED, keyOf } from "../truth/steps.ts";

/** What is untrue of how a run is said to have ended. */
export const verdictFaults = (span: ArrivedSpan, run: RunTruth, life: Life): readonly string[] => {
  if (run.yielded === "certainly") return yieldedFaults(span);
  if (run.yielded === "maybe" && span.attributes["lifecycle.run.result"] === undefined) return [];
  if (run.close !== undefined) return endedFaults(span, run, life);
  const isLost = span.attributes["lifecycle.run.result"] === "lost";
  if (isLost) return lostFaults(span, run, life);
  const mayHaveEnded = run.ending !== undefined || life.history.shutdown !== undefined;
  return mayHaveEnded ? perhapsEndedFaults(span, run, life) : ["was open, and arrived as ended"];
};

const yieldedFaults = ({ attributes }: ArrivedSpan): readonly string[] =>
  differences(attributes, {
    "lifecycle.run.result": undefined,
    "lifecycle.close.class": undefined,
  });

const endedFaults = (span: ArrivedSpan, run: RunTruth, life: Life): readonly string[] => {
  const { close, ending } = run;
  if (close === undefined) return [];
  const isCompleted = close.type === "completed";
  const isError = ["error", "timeout", "upstream_disconnect"].includes(close.type);
  return [
    ...differences(span.attributes, {
      "lifecycle.run.result": isCompleted ? "completed" : isError ? "failed" : "interrupted",
      "lifecycle.close.class": isCompleted ? undefined : close.type,
      "lifecycle.close.action.id": close.action,
      "lifecycle.run.recovered": undefined,
      [ATTR_ENDED]: `${keyOf(life.process, run.k)} ${ending}`,
    }),
    ...unlike("end", String(span.end), close.et),
    ...unlike("status", span.status, isError ? 2 : 0),
    ...linkFaults(span),
  ];
};

const lostFaults = (span: ArrivedSpan, run: RunTruth, life: Life): readonly string[] => {
  const cause = causeIn(span, causesOf(causingHistory(life), run));
  if (cause === undefined) return [untrue(span, run, life)];
  return [
    ...differences(span.attributes, {
      "lifecycle.close.via": "journal",
      "lifecycle.close.confidence": cause.type === "process_lost" ? "high" : "medium",
      "lifecycle.run.recovered": true,
      "error.type": "process_lost",
    }),
    ...unlike("status", span.status, 2),
    ...actionFaults(span, cause),
    ...linkFaults(span),
    ...(Number(span.end / 1_000_000n) > life.diedAt + CLOCKS_MS ? ["ends after the death"] : []),
    ...(span.end < span.start ? ["ends before its start"] : []),
  ];
};

/** How far the SDK's clock may be from the system's. */
const CLOCKS_MS = 100;

// It was between two lines of the side channel: it ended in one of the ways in which it could.
const perhapsEndedFaults = (span: ArrivedSpan, run: RunTruth, life: Life): readonly string[] => {
  const type = span.attributes["lifecycle.close.class"] ?? "completed";
  const isOwn = run.ending !== undefined && OWN_ENDS[run.ending].includes(String(type));
  if (isOwn || causeIn(span, causesOf(causingHistory(life), run)) !== undefined) return [];
  return [untrue(span, run, life)];
};

const OWN_ENDS = {
  returned: ["completed"],
  completed: ["completed"],
  threw: ["error"],
  aborted: ["error", "unknown_scope_close"],
};

// Whoever leaves by itself has been through what listens to that.
const causingHistory = ({ history, endedItself }: Life): Life["history"] =>
  history.shutdown === undefined || !endedItself
    ? history
    : { ...history, shutdown: { ...history.shutdown, isCertain: true } };

const causeIn = ({ attributes }: ArrivedSpan, causes: readonly Cause[]): Cause | undefined =>
  causes.find((cause) => {
    if (cause.type !== attributes["lifecycle.close.class"]) return false;
    if (cause.type !== "lifecycle_action") return true;
    const id = cause.action?.span?.id;
    return id === undefined
      ? attributes["lifecycle.close.action.kind"] === cause.kind
      : attributes["lifecycle.close.action.id"] === id;
  });

const actionFaults = ({ attributes }: ArrivedSpan, cause: Cause): readonly string[] => {
  if (cause.type !== "lifecycle_action") {
    return differences(attributes, { "lifecycle.close.action.id": undefined });
  }
  const span = cause.action?.span;
  if (span === undefined) return [];
  return differences(attributes, {
    "lifecycle.close.action.kind": cause.kind,
    "lifecycle.close.action.trigger": "config",
    "lifecycle.close.action.trace_id": span.t,
    "lifecycle.close.action.span_id": span.s,
  });
};

// What the attributes say of the action, the link says too.
const linkFaults = ({ traceId, attributes, links }: ArrivedSpan): readonly string[] => {
  const spanId = attributes["lifecycle.close.action.span_id"];
  const closing = links.filter((link) => link.attributes["lifecycle.link.type"] === "closed_by");
  // An action that was started in the run's own code is below it, and kin have no links.
  const mayBeKin = attributes["lifecycle.close.action.trace_id"] === traceId;
  if (mayBeKin && closing.length === 0) return [];
  const expected = spanId === undefined ? [] : [spanId];
  return unlike("links", closing.map((link) => link.spanId).join(), expected.join());
};

const untrue = ({ attributes }: ArrivedSpan, run: RunTruth, life: Life): string => {
  const causes = causesOf(causingHistory(life), run).map((cause) =>
    cause.type === "lifecycle_action"
      ? `${cause.kind} ${cause.action?.span?.id ?? ""}`
      : cause.type,
  );
  const said = [
    attributes["lifecycle.run.result"],
    attributes["lifecycle.close.class"],
    attributes["lifecycle.close.action.kind"],
    attributes["lifecycle.close.action.id"],
  ];
  return `${said.filter(Boolean).join(" ")}, true is ${causes.join(" or ")}`;
};

/** Where the attributes differ from what they should be; `undefined` should not be there. */
export const differences = (
  attributes: Readonly<Record<string, unknown>>,
  expected: Readonly<Record<string, unknown>>,
): readonly string[] =>
  Object.entries(expected).flatMap(([name, value]) => unlike(name, attributes[name], value));

/** That something is not what it should be, if so. */
export const unlike = (name: string, given: unknown, expected: unknown): readonly string[] =>
  given === expected ? [] : [`${name} is ${String(given)}, not ${String(expected)}`];
