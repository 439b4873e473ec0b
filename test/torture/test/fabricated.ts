import type { ArrivedSpan } from "../src/driver/otlp.ts";
import type { Delivery } from "../src/driver/receiver.ts";
import { historyOf } from "../src/truth/history.ts";
import type { Life } from "../src/truth/life.ts";
import type { RunFacts, Step } from "../src/truth/steps.ts";

/** A process that said this, and was killed. */
export const lifeOf = (
  steps: readonly Step[],
  rest: Partial<Omit<Life, "history">> = {},
): ReadonlyMap<number, Life> => {
  const server: Step = ["P", { pid: 42, instance: "torture-1" }];
  const text = [server, ...steps].map((step) => `${JSON.stringify(step)}\n`).join("");
  const life: Life = {
    process: 1,
    history: historyOf(text),
    diedAt: 2_000,
    endedItself: false,
    held: new Set(),
    ...rest,
  };
  return new Map([[life.process, life]]);
};

/** The lines of a run that certainly began. */
export const begun = (k: number, facts: Partial<RunFacts> = {}): readonly Step[] => [
  ["B", k, { kind: "run", scope: "red", within: [], pad: 0, ...facts }],
  ["b", k, { t: TRACE, s: spanId(k), st: "1000000000" }],
];

/** The lines of an action that certainly covers its scope. */
export const covering = (
  k: number,
  { kind = "dispose", asks = true, within = [] as readonly number[] } = {},
): readonly Step[] => [
  ["A", k, { kind, scope: "red", asks, within }],
  ["a", k, { t: ACTION_TRACE, s: `a${spanId(k).slice(1)}`, st: "1000000000", id: `action-${k}` }],
];

/** The run `k` as it arrives when it was lost with its process. */
export const lostSpan = (k: number, rest: Partial<ArrivedSpan> = {}): ArrivedSpan => ({
  traceId: TRACE,
  spanId: spanId(k),
  parentSpanId: undefined,
  name: "run red",
  start: 1_000_000_000n,
  end: 1_500_000_000n,
  links: [],
  status: 2,
  resource: { "service.instance.id": "torture-1", "process.pid": 42 },
  ...rest,
  attributes: {
    "torture.key": `1-${k}`,
    "torture.begun": `begun 1-${k}`,
    "lifecycle.run.id": `1-${k}`,
    "lifecycle.run.result": "lost",
    "lifecycle.close.class": "process_lost",
    "lifecycle.close.confidence": "high",
    "lifecycle.close.via": "journal",
    "lifecycle.run.recovered": true,
    "error.type": "process_lost",
    ...rest.attributes,
  },
});

/** The same, closed by the action `by` when its process died. */
export const coveredSpan = (k: number, by: number, kind = "dispose"): ArrivedSpan =>
  lostSpan(k, {
    links: [
      {
        traceId: ACTION_TRACE,
        spanId: `a${spanId(by).slice(1)}`,
        attributes: { "lifecycle.link.type": "closed_by" },
      },
    ],
    attributes: {
      "lifecycle.close.class": "lifecycle_action",
      "lifecycle.close.confidence": "medium",
      "lifecycle.close.action.id": `action-${by}`,
      "lifecycle.close.action.kind": kind,
      "lifecycle.close.action.trigger": "config",
      "lifecycle.close.action.trace_id": ACTION_TRACE,
      "lifecycle.close.action.span_id": `a${spanId(by).slice(1)}`,
    },
  });

/** The action `k` as it arrives when its process died in its midst. */
export const actionSpan = (k: number, result = "unsettled"): ArrivedSpan => ({
  ...lostSpan(k),
  traceId: ACTION_TRACE,
  spanId: `a${spanId(k).slice(1)}`,
  name: "dispose instance",
  status: 0,
  attributes: {
    "lifecycle.action.id": `action-${k}`,
    "lifecycle.action.kind": "dispose",
    "lifecycle.action.result": result,
  },
});

/** The run `k` as it arrives when it had completed. */
export const completedSpan = (k: number, rest: Partial<ArrivedSpan> = {}): ArrivedSpan => ({
  ...lostSpan(k),
  status: 0,
  ...rest,
  attributes: {
    "torture.key": `1-${k}`,
    "torture.begun": `begun 1-${k}`,
    "lifecycle.run.id": `1-${k}`,
    "torture.ended": `1-${k} returned`,
    "lifecycle.run.result": "completed",
    ...rest.attributes,
  },
});

/** The lines of its end. */
export const completed = (k: number): readonly Step[] => [
  ["E", k, "returned"],
  ["e", k, { type: "completed", et: "1500000000" }],
];

/** A request with these spans, sent by `process`. */
export const delivery = (
  process: number,
  spans: readonly ArrivedSpan[],
  rest: Partial<Delivery> = {},
): Delivery => ({ process, at: 3_000, spans, isAnswered: true, ...rest });

export const spanId = (k: number): string => k.toString(16).padStart(16, "0");

const ACTION_TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const TRACE = "0af7651916cd43dd8448eb211c80319c";
