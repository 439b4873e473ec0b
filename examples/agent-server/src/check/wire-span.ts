/** A span as it was sent: what the checks of the demo need of OTLP's JSON. */
export interface WireSpan {
  /** `traceId/spanId`. */
  readonly key: string;
  /** `traceId/spanId` of its parent, which is in the same trace. */
  readonly parentKey: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly links: readonly WireLink[];
}

export interface WireLink {
  /** `traceId/spanId` of the span that it leads to. */
  readonly key: string;
  readonly attributes: ReadonlyMap<string, string>;
}

/** The spans of OTLP/JSON requests. Nothing is validated: the receiver has done that. */
export const wireSpansOf = (requests: readonly string[]): WireSpan[] =>
  requests
    .map((request): OtlpRequest => JSON.parse(request))
    .flatMap(({ resourceSpans = [] }) => resourceSpans)
    .flatMap(({ scopeSpans = [] }) => scopeSpans)
    .flatMap(({ spans = [] }) => spans)
    .map((span) => ({
      key: `${span.traceId}/${span.spanId}`,
      parentKey: `${span.traceId}/${span.parentSpanId ?? ""}`,
      attributes: textsOf(span),
      links: (span.links ?? []).map((link) => ({
        key: `${link.traceId}/${link.spanId}`,
        attributes: textsOf(link),
      })),
    }));

const textsOf = ({ attributes = [] }: OtlpAttributes): ReadonlyMap<string, string> =>
  new Map(attributes.map(({ key, value }) => [key, value.stringValue ?? ""]));

interface OtlpAttributes {
  readonly attributes?: readonly {
    readonly key: string;
    readonly value: { readonly stringValue?: string };
  }[];
}

interface OtlpIds {
  readonly traceId: string;
  readonly spanId: string;
}

interface OtlpSpan extends OtlpIds, OtlpAttributes {
  readonly parentSpanId?: string;
  readonly links?: readonly (OtlpIds & OtlpAttributes)[];
}

interface OtlpRequest {
  readonly resourceSpans?: readonly {
    readonly scopeSpans?: readonly { readonly spans?: readonly OtlpSpan[] }[];
  }[];
}
