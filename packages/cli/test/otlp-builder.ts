/** Builds OTLP as exporters write it: what the tests of this package read. */

export type Value = string | number | boolean | readonly string[];

export interface SpanFixture {
  /** 1 to 255: the span id is made of it, and the start is this many milliseconds after the epoch's 1,700,000,000 s. */
  readonly number: number;
  readonly name: string;
  readonly attributes: Readonly<Record<string, Value>>;
}

export const TRACE_ID: string = "0af7651916cd43dd8448eb211c80319c";

function spanId(number: number): string {
  return number.toString(16).padStart(16, "0");
}

function otlpSpan({ number, name, attributes }: SpanFixture) {
  return {
    traceId: TRACE_ID,
    spanId: spanId(number),
    name,
    kind: 1,
    startTimeUnixNano: `${1_700_000_000_000 + number}000000`,
    endTimeUnixNano: `${1_700_000_001_000 + number}000000`,
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: anyValue(value) })),
    droppedAttributesCount: 0,
    status: { code: 0 },
  };
}

/** An ExportTraceServiceRequest. */
export function otlpRequest(...spans: readonly SpanFixture[]) {
  return {
    resourceSpans: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: "agent" } }] },
        scopeSpans: [{ scope: { name: "@otel-lifecycle/api" }, spans: spans.map(otlpSpan) }],
      },
    ],
  };
}

/** The same as one line of JSON. */
export function otlpLine(...spans: readonly SpanFixture[]): string {
  return JSON.stringify(otlpRequest(...spans));
}

export function actionSpan(
  number: number,
  id: string,
  attributes: Readonly<Record<string, Value>> = {},
): SpanFixture {
  return {
    number,
    name: "dispose_all instance_store",
    attributes: {
      "lifecycle.action.id": id,
      "lifecycle.action.kind": "dispose_all",
      "lifecycle.scope.kind": "instance_store",
      "lifecycle.action.trigger": "http",
      "lifecycle.action.operation": "POST /global/dispose",
      "lifecycle.action.result": "completed",
      ...attributes,
    },
  };
}

export function completedRun(number: number, id: string): SpanFixture {
  return {
    number,
    name: "agent run",
    attributes: {
      "lifecycle.run.id": id,
      "lifecycle.run.result": "completed",
      "lifecycle.scope.kind": "directory",
    },
  };
}

/** A run that something closed, by default with `high` confidence. */
export function closedRun(
  number: number,
  id: string,
  closeClass: string,
  attributes: Readonly<Record<string, Value>> = {},
): SpanFixture {
  return {
    number,
    name: "agent run",
    attributes: {
      "lifecycle.run.id": id,
      "lifecycle.run.result": "interrupted",
      "lifecycle.scope.kind": "directory",
      "lifecycle.close.class": closeClass,
      "lifecycle.close.confidence": "high",
      ...attributes,
    },
  };
}

/** A run that an action closed. */
export function stoppedRun(
  number: number,
  id: string,
  actionId: string,
  seconds: number,
): SpanFixture {
  return closedRun(number, id, "lifecycle_action", {
    "lifecycle.close.via": "registry",
    "lifecycle.close.action.id": actionId,
    "lifecycle.close.action.kind": "dispose_all",
    "lifecycle.close.action.trigger": "http",
    "lifecycle.interrupt.duration": seconds,
  });
}

export function interruptSpan(number: number, runId: string): SpanFixture {
  return {
    number,
    name: "interrupt agent run",
    attributes: {
      "lifecycle.interrupt.result": "stopped",
      "lifecycle.interrupt.duration": 0.2,
      "lifecycle.run.id": runId,
    },
  };
}

/** A span that was in flight below a closed run. */
export function inheritedSpan(number: number): SpanFixture {
  return {
    number,
    name: "chat model",
    attributes: {
      "lifecycle.close.inherited_class": "lifecycle_action",
      "lifecycle.close.action.id": "01root",
      "lifecycle.close.action.kind": "dispose_all",
    },
  };
}

/** A span that says nothing about lifecycles. */
export function otherSpan(number: number): SpanFixture {
  return { number, name: "GET", attributes: { "http.request.method": "GET" } };
}

function anyValue(value: Value) {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number")
    return Number.isInteger(value) ? { intValue: value } : { doubleValue: value };
  return { arrayValue: { values: value.map((text) => ({ stringValue: text })) } };
}
