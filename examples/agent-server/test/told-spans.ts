import { accountOf, parseRequest, toJson } from "why-closed";
import type { Driven, DrivenIncident } from "../src/check/driven.ts";
import type { Evidence } from "../src/check/verdict.ts";
import { INCIDENTS, logRequestOf, onSpan } from "./told-incidents.ts";

/** A span as it goes over the wire, with its attributes and links as plain objects. */
export interface ToldSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly milliseconds: number;
  readonly status?: number;
  readonly attributes: Readonly<Record<string, string | number | readonly string[]>>;
  /** The names of the spans that it leads to, and the type of the link. */
  readonly links?: readonly (readonly [to: string, type: string])[];
}

const ids = (digit: string) => ({ traceId: digit.repeat(32), spanId: digit.repeat(16) });

/** Two directories, a run of each kind that differs for the checks, and an action. */
export const DRIVEN: Driven = {
  runs: [
    { id: "one", directory: "shop", result: "completed" },
    {
      id: "two",
      directory: "shop",
      result: "interrupted",
      class: "lifecycle_action",
      confidence: "high",
      via: "error",
      action: "a-1",
      incident: INCIDENTS.two,
    },
    {
      id: "three",
      directory: "blog",
      result: "interrupted",
      class: "unknown_scope_close",
      confidence: "low",
      via: "signal_reason",
      incident: INCIDENTS.three,
    },
    {
      id: "four",
      directory: "blog",
      result: "failed",
      class: "upstream_disconnect",
      confidence: "high",
      via: "error",
      errorTypes: ["ECONNRESET", "UND_ERR_SOCKET"],
      incident: INCIDENTS.four,
    },
  ],
  actions: [
    {
      id: "a-1",
      kind: "dispose_directory",
      scope: "directory",
      directory: "shop",
      operation: "POST /directory/dispose",
      inner: [1],
    },
  ],
};

const run = (id: string, key: string) => ({
  "lifecycle.run.id": id,
  "lifecycle.scope.kind": "instance",
  "lifecycle.scope.key": key.repeat(16),
});
const counts = (told: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(
    ["covered", "interrupted", "completed", "failed", "other", "unsettled"].map((name) => [
      `lifecycle.action.${name}_run_count`,
      told[name] ?? 0,
    ]),
  );

/** By a name for each: what a server that tells the truth sends about what was driven. */
export const TOLD: Readonly<Record<string, ToldSpan>> = {
  one: {
    ...ids("1"),
    name: "agent run",
    milliseconds: 100,
    attributes: { ...run("one", "a"), "lifecycle.run.result": "completed" },
  },
  two: {
    ...ids("2"),
    name: "agent run",
    milliseconds: 100,
    attributes: {
      ...run("two", "a"),
      "lifecycle.run.result": "interrupted",
      "lifecycle.close.class": "lifecycle_action",
      "lifecycle.close.confidence": "high",
      "lifecycle.close.via": "error",
      "lifecycle.close.action.id": "a-1",
      "lifecycle.close.action.kind": "dispose_directory",
      "lifecycle.close.action.trigger": "http",
      "lifecycle.close.action.trace_id": "a".repeat(32),
      "lifecycle.close.action.span_id": "a".repeat(16),
      "lifecycle.interrupt.duration": 0.005,
      ...onSpan(INCIDENTS.two),
    },
    links: [["outer", "closed_by"]],
  },
  three: {
    ...ids("3"),
    name: "agent run",
    milliseconds: 100,
    attributes: {
      ...run("three", "b"),
      "lifecycle.run.result": "interrupted",
      "lifecycle.close.class": "unknown_scope_close",
      "lifecycle.close.confidence": "low",
      "lifecycle.close.via": "signal_reason",
      "lifecycle.close.missing": ["lifecycle.close_requested"],
      "lifecycle.interrupt.duration": 0.005,
      ...onSpan(INCIDENTS.three),
    },
  },
  four: {
    ...ids("4"),
    name: "agent run",
    milliseconds: 100,
    status: 2,
    attributes: {
      ...run("four", "b"),
      "lifecycle.run.result": "failed",
      "lifecycle.close.class": "upstream_disconnect",
      "lifecycle.close.confidence": "high",
      "lifecycle.close.via": "error",
      "error.type": "ECONNRESET",
      ...onSpan(INCIDENTS.four),
    },
  },
  callOfTwo: {
    traceId: "2".repeat(32),
    spanId: "5".repeat(16),
    parentSpanId: "2".repeat(16),
    name: "chat slow",
    milliseconds: 90,
    attributes: { "lifecycle.close.inherited_class": "lifecycle_action" },
  },
  callOfThree: {
    traceId: "3".repeat(32),
    spanId: "6".repeat(16),
    parentSpanId: "3".repeat(16),
    name: "chat slow",
    milliseconds: 90,
    attributes: { "lifecycle.close.inherited_class": "unknown_scope_close" },
  },
  outer: {
    ...ids("a"),
    name: "dispose_directory directory",
    milliseconds: 9,
    attributes: {
      "lifecycle.action.id": "a-1",
      "lifecycle.action.kind": "dispose_directory",
      "lifecycle.action.trigger": "http",
      "lifecycle.action.operation": "POST /directory/dispose",
      "lifecycle.action.result": "completed",
      "lifecycle.scope.kind": "directory",
      "lifecycle.scope.key": "a".repeat(16),
      ...counts({ covered: 1, interrupted: 1 }),
    },
    links: [["two", "interrupts"]],
  },
  inner: {
    traceId: "a".repeat(32),
    spanId: "b".repeat(16),
    parentSpanId: "a".repeat(16),
    name: "dispose instance",
    milliseconds: 8,
    attributes: {
      "lifecycle.action.id": "a-2",
      "lifecycle.action.parent_id": "a-1",
      "lifecycle.action.kind": "dispose",
      "lifecycle.action.result": "completed",
      "lifecycle.scope.kind": "instance",
      "lifecycle.scope.key": "a".repeat(16),
      ...counts({ covered: 1, other: 1 }),
    },
  },
  interrupt: {
    traceId: "a".repeat(32),
    spanId: "c".repeat(16),
    parentSpanId: "a".repeat(16),
    name: "interrupt agent run",
    milliseconds: 5,
    attributes: {
      "lifecycle.run.id": "two",
      "lifecycle.interrupt.result": "stopped",
      "lifecycle.interrupt.duration": 0.005,
    },
    links: [["two", "interrupts"]],
  },
};

type Spans = Readonly<Record<string, ToldSpan>>;
type Changes = Readonly<Record<string, string | number | undefined>>;

/** What was told, but for some attributes of one span. */
export const told = (name: string, changes: Changes): Spans => ({
  ...TOLD,
  [name]: changed(requireSpan(name), changes),
});

/** What was told, but for the status of one span. */
export const withStatus = (name: string, status: number): Spans => ({
  ...TOLD,
  [name]: { ...requireSpan(name), status },
});

/** A span with other attributes; one that is undefined is left out. */
export const changed = (span: ToldSpan, changes: Changes): ToldSpan => {
  const attributes = new Map(Object.entries(span.attributes));
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) attributes.delete(name);
    else attributes.set(name, value);
  }
  return { ...span, attributes: Object.fromEntries(attributes) };
};

const requireSpan = (name: string): ToldSpan => {
  const span = TOLD[name];
  if (span === undefined) throw new Error(`expected a span "${name}"`);
  return span;
};

/** Spans and incidents as OTLP/JSON requests, and the account that the receiver gives of them. */
export const received = (
  spans: Spans,
  incidents: readonly (readonly [string, DrivenIncident])[] = Object.entries(INCIDENTS),
): Pick<Evidence, "account" | "requests" | "logRequests"> => {
  const request = JSON.stringify({
    resourceSpans: [{ scopeSpans: [{ spans: Object.values(spans).map(otlpOf) }] }],
  });
  const parsed = parseRequest(request);
  const account = toJson(accountOf(parsed.type === "traces" ? parsed.spans : []));
  return { account, requests: [request], logRequests: [logRequestOf(incidents)] };
};

const otlpOf = ({ milliseconds, status = 0, attributes, links = [], ...span }: ToldSpan) => ({
  ...span,
  startTimeUnixNano: String(START),
  endTimeUnixNano: String(START + BigInt(milliseconds) * 1_000_000n),
  status: { code: status },
  attributes: otlpAttributes(attributes),
  links: links.map(([to, type]) => ({
    traceId: TOLD[to]?.traceId,
    spanId: TOLD[to]?.spanId,
    attributes: otlpAttributes({ "lifecycle.link.type": type }),
  })),
});

const START = 1_795_362_098_000_000_000n;

const otlpAttributes = (attributes: ToldSpan["attributes"]) =>
  Object.entries(attributes).map(([key, value]) => ({ key, value: otlpValue(value) }));

const otlpValue = (value: ToldSpan["attributes"][string]): object => {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value !== "number") {
    return { arrayValue: { values: value.map((stringValue) => ({ stringValue })) } };
  }
  return Number.isInteger(value) ? { intValue: value } : { doubleValue: value };
};
