/** Builds OTLP with times, which a picture is about: milliseconds after the epoch's 1,700,000,000 s. */

export type Value = string | number | boolean | readonly string[];

export interface Span {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly service?: string;
  readonly attributes: Readonly<Record<string, Value>>;
}

/** An ExportTraceServiceRequest in JSON. */
export const requestOf = (spans: readonly Span[], firstId = 1): string =>
  JSON.stringify({
    resourceSpans: spans.map((span, index) => ({
      resource: { attributes: [keyValue("service.name", span.service ?? "agent")] },
      scopeSpans: [
        { scope: { name: "@otel-lifecycle/api" }, spans: [otlp(span, firstId + index)] },
      ],
    })),
  });

export const action = (
  id: string,
  [start, end]: readonly [number, number],
  attributes: Readonly<Record<string, Value>> = {},
): Span => ({
  name: "dispose_all instance_store",
  start,
  end,
  attributes: {
    "lifecycle.action.id": id,
    "lifecycle.action.kind": "dispose_all",
    "lifecycle.scope.kind": "instance_store",
    "lifecycle.action.trigger": "http",
    "lifecycle.action.operation": "POST /global/dispose",
    "lifecycle.action.result": "completed",
    ...attributes,
  },
});

export const completed = (id: string, [start, end]: readonly [number, number]): Span => ({
  name: "agent run",
  start,
  end,
  attributes: {
    "lifecycle.run.id": id,
    "lifecycle.run.result": "completed",
    "lifecycle.scope.kind": "directory",
  },
});

export const closed = (
  id: string,
  [start, end]: readonly [number, number],
  closeClass: string,
  attributes: Readonly<Record<string, Value>> = {},
): Span => ({
  name: "agent run",
  start,
  end,
  attributes: {
    "lifecycle.run.id": id,
    "lifecycle.run.result": "interrupted",
    "lifecycle.scope.kind": "directory",
    "lifecycle.close.class": closeClass,
    "lifecycle.close.confidence": "high",
    ...attributes,
  },
});

export const stopped = (
  id: string,
  times: readonly [number, number],
  actionId: string,
  seconds: number,
): Span =>
  closed(id, times, "lifecycle_action", {
    "lifecycle.close.via": "registry",
    "lifecycle.close.action.id": actionId,
    "lifecycle.close.action.kind": "dispose_all",
    "lifecycle.interrupt.duration": seconds,
  });

/** A dispose_all over three runs with a dispose nested in it, and runs that ended otherwise. */
export const FAN_OUT: readonly Span[] = [
  action("01root", [5000, 6200], {
    "lifecycle.action.covered_run_count": 3,
    "lifecycle.action.interrupted_run_count": 3,
  }),
  action("02nested", [5010, 5020], {
    "lifecycle.action.kind": "dispose",
    "lifecycle.action.parent_id": "01root",
    "lifecycle.scope.kind": "instance",
    "lifecycle.scope.key": "9f2c01ab4d5e6f70",
  }),
  stopped("r1", [1000, 5200], "01root", 0.2),
  stopped("r2", [2000, 5100], "01root", 0.1),
  stopped("r3", [3000, 6200], "01root", 1.2),
  closed("r4", [500, 2500], "user_cancel"),
  closed("r5", [600, 2600], "error", {
    "lifecycle.run.result": "failed",
    "error.type": "TypeError",
  }),
  closed("r6", [700, 2700], "unknown_scope_close", {
    "lifecycle.close.missing": ["lifecycle.close_requested"],
  }),
  completed("r7", [0, 4000]),
  completed("r8", [100, 4100]),
];

const EPOCH_MS = 1_700_000_000_000;

const otlp = ({ name, start, end, attributes }: Span, id: number): object => ({
  traceId: id.toString(16).padStart(32, "0"),
  spanId: id.toString(16).padStart(16, "0"),
  name,
  kind: 1,
  startTimeUnixNano: nanos(start),
  endTimeUnixNano: nanos(end),
  attributes: Object.entries(attributes).map(([key, value]) => keyValue(key, value)),
});

const nanos = (milliseconds: number): string =>
  String(BigInt(EPOCH_MS) * 1_000_000n + BigInt(Math.round(milliseconds * 1e6)));

const keyValue = (key: string, value: Value): object => ({ key, value: anyValue(value) });

const anyValue = (value: Value): object => {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number")
    return Number.isInteger(value) ? { intValue: value } : { doubleValue: value };
  return { arrayValue: { values: value.map((text) => ({ stringValue: text })) } };
};
