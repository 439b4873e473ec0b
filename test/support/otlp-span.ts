/** The values that spans of these tests have, as plain ones. */
export type Value = string | number | boolean | readonly Value[];
export type Attributes = Readonly<Record<string, Value>>;

/** A span as it was received, whole, with its resource and instrumentation scope. */
export interface OtlpSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly kind: number;
  readonly startNano: bigint;
  readonly endNano: bigint;
  readonly attributes: Attributes;
  readonly links: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly attributes: Attributes;
  }[];
  readonly events: number;
  readonly status: "UNSET" | "OK" | "ERROR";
  readonly statusMessage: string | undefined;
  readonly scope: string;
  readonly schemaUrl: string | undefined;
}

/** Every span of the received bodies, in the order of arrival; one that came twice is there twice. */
export const spansOf = (bodies: readonly string[]): readonly OtlpSpan[] =>
  bodies.flatMap((body) =>
    // A file of the demo has requests of logs, too.
    ((JSON.parse(body) as Partial<Request>).resourceSpans ?? []).flatMap(({ scopeSpans }) =>
      scopeSpans.flatMap((scope) => scope.spans.map((span) => read(span, scope))),
    ),
  );

const STATUS = ["UNSET", "OK", "ERROR"] as const;

const read = (span: Span, { scope, schemaUrl }: ScopeSpans): OtlpSpan => ({
  name: span.name,
  traceId: span.traceId,
  spanId: span.spanId,
  parentSpanId: span.parentSpanId || undefined,
  kind: span.kind,
  startNano: BigInt(span.startTimeUnixNano),
  endNano: BigInt(span.endTimeUnixNano),
  attributes: attributesOf(span.attributes),
  links: (span.links ?? []).map(({ traceId, spanId, attributes }) => ({
    traceId,
    spanId,
    attributes: attributesOf(attributes),
  })),
  events: span.events?.length ?? 0,
  status: STATUS[span.status?.code ?? 0] ?? "UNSET",
  statusMessage: span.status?.message,
  scope: scope.name,
  schemaUrl,
});

const attributesOf = (list: readonly KeyValue[] = []): Attributes =>
  Object.fromEntries(list.map(({ key, value }) => [key, plainValue(value)]));

const plainValue = (value: AnyValue): Value => {
  if (value.arrayValue !== undefined) return (value.arrayValue.values ?? []).map(plainValue);
  const number = value.intValue ?? value.doubleValue;
  return value.stringValue ?? value.boolValue ?? Number(number);
};

// OTLP's JSON encoding, as far as a trace exporter writes it.
interface Request {
  readonly resourceSpans: readonly { readonly scopeSpans: readonly ScopeSpans[] }[];
}
interface ScopeSpans {
  readonly scope: { readonly name: string };
  readonly schemaUrl?: string;
  readonly spans: readonly Span[];
}
interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly KeyValue[];
  readonly events?: readonly object[];
  readonly links?: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly attributes?: readonly KeyValue[];
  }[];
  readonly status?: { readonly code?: number; readonly message?: string };
}
interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}
interface AnyValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: number | string;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values?: readonly AnyValue[] };
}
