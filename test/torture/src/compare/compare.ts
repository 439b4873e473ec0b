import type { ArrivedSpan } from "../driver/otlp.ts";
import type { Delivery } from "../driver/receiver.ts";
import type { ActionTruth, RunTruth } from "../truth/history.ts";
import type { Life } from "../truth/life.ts";
import { ATTR_BEGUN, ATTR_KEY, ATTR_PAD, keyOf, type SpanFacts } from "../truth/steps.ts";
import { arrivalsOf, duplicatesOf } from "./duplicates.ts";
import { type Finding, wrong } from "./finding.ts";
import { differences, unlike, verdictFaults } from "./run-verdict.ts";

/** What became of a trial. */
export interface Comparison {
  /** Runs that certainly began. */
  readonly runs: number;
  readonly findings: readonly Finding[];
}

/** Compares what arrived with what the processes said of themselves. */
export const compare = (
  lives: ReadonlyMap<number, Life>,
  deliveries: readonly Delivery[],
): Comparison => {
  const arrivals = arrivalsOf(deliveries);
  const known = knownSpans(lives);
  const findings: Finding[] = [];
  for (const [spanId, all] of arrivals) {
    findings.push(...duplicatesOf(all, lives, deliveries));
    const { span } = all[0];
    const faults = faultsOf(span, known, lives);
    if (faults.length > 0) findings.push(wrong(`${spanId} ${span.name}: ${faults.join("; ")}`));
  }
  let runs = 0;
  for (const [spanId, one] of known.spans) {
    if (one.run !== undefined) runs += 1;
    if (!arrivals.has(spanId)) findings.push({ type: "lost", what: lostText(spanId, one) });
  }
  return { runs, findings };
};

interface Known {
  readonly life: Life;
  readonly span: SpanFacts | undefined;
  readonly run?: RunTruth;
  readonly action?: ActionTruth;
}

interface KnownSpans {
  /** Those that certainly began, by their span ids. */
  readonly spans: ReadonlyMap<string, Known>;
  /** Runs by their keys, also those that may not have begun. */
  readonly keys: ReadonlyMap<string, Known>;
}

const knownSpans = (lives: ReadonlyMap<number, Life>): KnownSpans => {
  const spans = new Map<string, Known>();
  const keys = new Map<string, Known>();
  for (const life of lives.values()) {
    for (const run of life.history.runs.values()) {
      const one = { life, run, span: run.span };
      keys.set(keyOf(life.process, run.k), one);
      if (run.span !== undefined) spans.set(run.span.s, one);
    }
    for (const action of life.history.actions.values()) {
      if (action.span !== undefined) {
        spans.set(action.span.s, { life, action, span: action.span });
      }
    }
  }
  return { spans, keys };
};

const faultsOf = (
  span: ArrivedSpan,
  known: KnownSpans,
  lives: ReadonlyMap<number, Life>,
): readonly string[] => {
  const key = span.attributes[ATTR_KEY];
  const one = key === undefined ? known.spans.get(span.spanId) : known.keys.get(String(key));
  if (one?.run !== undefined) {
    return [...spanFaults(span, one), ...runFaults(span, one.run, one.life)];
  }
  if (one?.action !== undefined) {
    return [...spanFaults(span, one), ...actionFaults(span, one.action)];
  }
  return byTheWayFaults(span, known, lives);
};

const spanFaults = (span: ArrivedSpan, { span: facts, life }: Known): readonly string[] => [
  ...resourceFaults(span, life),
  ...(facts === undefined
    ? []
    : [
        ...unlike("trace", span.traceId, facts.t),
        ...unlike("span", span.spanId, facts.s),
        ...unlike("parent", span.parentSpanId, facts.p),
        ...unlike("start", String(span.start), facts.st),
      ]),
];

const resourceFaults = ({ resource }: ArrivedSpan, { history }: Life): readonly string[] =>
  differences(resource, {
    "service.instance.id": history.server?.instance,
    "process.pid": history.server?.pid,
  });

const runFaults = (span: ArrivedSpan, run: RunTruth, life: Life): readonly string[] => {
  const key = keyOf(life.process, run.k);
  const { kind, scope, pad } = run.facts;
  return [
    ...unlike("name", span.name, kind === "root" ? "GET /work" : `run ${scope}`),
    ...unlike("pad", String(span.attributes[ATTR_PAD] ?? "").length, pad),
    ...differences(span.attributes, {
      [ATTR_BEGUN]: `begun ${key}`,
      "lifecycle.run.id": kind === "root" ? undefined : key,
    }),
    ...verdictFaults(span, run, life),
  ];
};

const actionFaults = ({ attributes }: ArrivedSpan, action: ActionTruth): readonly string[] => {
  const result = attributes["lifecycle.action.result"];
  const isOpen = action.doneAt === undefined;
  return [
    ...differences(attributes, {
      "lifecycle.action.id": action.span?.id,
      "lifecycle.action.kind": action.facts.kind,
      "lifecycle.run.result": undefined,
    }),
    ...(isOpen ? unlike("lifecycle.action.result", result, "unsettled") : []),
    ...(result === undefined ? ["an action without a result"] : []),
  ];
};

// Interrupts, the shutdown, and actions that may not have begun: nobody counts on them, but
// somebody known must have made them.
const byTheWayFaults = (
  span: ArrivedSpan,
  { spans }: KnownSpans,
  lives: ReadonlyMap<number, Life>,
): readonly string[] => {
  const life = [...lives.values()].find(
    ({ history }) => history.server?.instance === span.resource["service.instance.id"],
  );
  if (life === undefined) return ["comes from nobody"];
  const { history } = life;
  const kind = span.attributes["lifecycle.action.kind"];
  const isInterrupt = span.attributes["lifecycle.interrupt.result"] !== undefined;
  const isMade = isInterrupt
    ? span.links.some(({ spanId }) => spans.get(spanId)?.life === life)
    : (kind === "shutdown" && history.shutdown !== undefined) ||
      [...history.actions.values()].some((one) => !one.span && one.facts.kind === kind);
  return [...(isMade ? [] : ["never was"]), ...resourceFaults(span, life)];
};

const lostText = (spanId: string, { run, action, life }: Known): string => {
  if (action !== undefined) return `${spanId} action ${life.process}-${action.k}`;
  const state = run?.close?.type ?? (run?.ending === undefined ? "open" : "ending");
  return `${spanId} run ${life.process}-${run?.k}, ${state}`;
};
