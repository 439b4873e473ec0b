/** A span as it came in, with the process whose resource it carries. */
export interface ArrivedSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly name: string;
  /** In nanoseconds since the epoch. */
  readonly start: bigint;
  readonly end: bigint;
  readonly attributes: Attributes;
  readonly links: readonly ArrivedLink[];
  /** 0 UNSET, 1 OK, 2 ERROR. */
  readonly status: number;
  readonly resource: Attributes;
}

export interface ArrivedLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly attributes: Attributes;
}

export type Attributes = Readonly<Record<string, unknown>>;

/** The spans of a request in OTLP's JSON. Throws where it is none. */
export const spansOf = (body: string): readonly ArrivedSpan[] => {
  const { resourceSpans = [] } = JSON.parse(body) as Request;
  return resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const attributes = attributesOf(resource.attributes);
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => arrived(span, attributes)));
  });
};

const arrived = (span: Span, resource: Attributes): ArrivedSpan => ({
  traceId: span.traceId,
  spanId: span.spanId,
  parentSpanId: span.parentSpanId === "" ? undefined : span.parentSpanId,
  name: span.name,
  start: BigInt(span.startTimeUnixNano),
  end: BigInt(span.endTimeUnixNano),
  attributes: attributesOf(span.attributes),
  links: (span.links ?? []).map(({ traceId, spanId, attributes }) => ({
    traceId,
    spanId,
    attributes: attributesOf(attributes),
  })),
  status: span.status?.code ?? 0,
  resource,
});

const attributesOf = (list: readonly KeyValue[] = []): Attributes =>
  Object.fromEntries(list.map(({ key, value }) => [key, plainValue(value)]));

const plainValue = (value: AnyValue): unknown =>
  value.stringValue ??
  value.boolValue ??
  value.arrayValue?.values?.map(plainValue) ??
  Number(value.intValue ?? value.doubleValue);

// OTLP's JSON encoding, as far as an exporter of traces writes it.
interface Request {
  readonly resourceSpans?: readonly {
    readonly resource: { readonly attributes?: readonly KeyValue[] };
    readonly scopeSpans: readonly { readonly spans: readonly Span[] }[];
  }[];
}
interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes?: readonly KeyValue[];
  readonly links?: readonly {
    readonly traceId: string;
    readonly spanId: string;
    readonly attributes?: readonly KeyValue[];
  }[];
  readonly status?: { readonly code?: number };
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
