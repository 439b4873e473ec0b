/** A span as it was sent: what the checks of the demo need of OTLP's JSON. */
export interface WireSpan {
  /** `traceId/spanId`. */
  readonly key: string;
  /** `traceId/spanId` of its parent, which is in the same trace. */
  readonly parentKey: string;
  readonly status: string;
  /** Its own length, in seconds. */
  readonly seconds: number;
  readonly attributes: WireAttributes;
  readonly links: readonly WireLink[];
}

export interface WireLink {
  /** `traceId/spanId` of the span that it leads to. */
  readonly key: string;
  readonly attributes: WireAttributes;
}

/** Texts and numbers; what is neither is an empty text. */
export type WireAttributes = ReadonlyMap<string, string | number>;

/**
 * The spans of OTLP/JSON requests, each once, although an exporter's retry may deliver it twice.
 * Nothing is validated: the receiver has done that.
 */
export const wireSpansOf = (requests: readonly string[]): WireSpan[] => {
  const spans = new Map(deliveredSpans(requests).map((span) => [span.key, span]));
  return [...spans.values()];
};

const deliveredSpans = (requests: readonly string[]): WireSpan[] =>
  requests
    .map((request): OtlpRequest => JSON.parse(request))
    .flatMap(({ resourceSpans = [] }) => resourceSpans)
    .flatMap(({ scopeSpans = [] }) => scopeSpans)
    .flatMap(({ spans = [] }) => spans)
    .map((span) => ({
      key: `${span.traceId}/${span.spanId}`,
      parentKey: `${span.traceId}/${span.parentSpanId ?? ""}`,
      status: STATUS[span.status?.code ?? 0] ?? "unknown",
      seconds: Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e9,
      attributes: attributesOf(span),
      links: (span.links ?? []).map((link) => ({
        key: `${link.traceId}/${link.spanId}`,
        attributes: attributesOf(link),
      })),
    }));

/** By the number that OTLP has for it. */
const STATUS = ["UNSET", "OK", "ERROR"] as const;

const attributesOf = ({ attributes = [] }: OtlpAttributes): WireAttributes =>
  new Map(attributes.map(({ key, value }) => [key, simple(value)]));

// OTLP has a double that happens to be whole as an integer, and an integer as a text or a number.
const simple = ({ stringValue, doubleValue, intValue }: OtlpValue): string | number =>
  stringValue ?? doubleValue ?? (intValue === undefined ? "" : Number(intValue));

interface OtlpValue {
  readonly stringValue?: string;
  readonly doubleValue?: number;
  readonly intValue?: number | string;
}

interface OtlpAttributes {
  readonly attributes?: readonly { readonly key: string; readonly value: OtlpValue }[];
}

interface OtlpIds {
  readonly traceId: string;
  readonly spanId: string;
}

interface OtlpSpan extends OtlpIds, OtlpAttributes {
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly status?: { readonly code?: number };
  readonly links?: readonly (OtlpIds & OtlpAttributes)[];
}

interface OtlpRequest {
  readonly resourceSpans?: readonly {
    readonly scopeSpans?: readonly { readonly spans?: readonly OtlpSpan[] }[];
  }[];
}
