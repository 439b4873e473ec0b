/** A span as it went over the wire, as far as it is looked at here. */
export interface WireSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  /** Which process it came from. */
  readonly process: string | undefined;
}

/** The spans of OTLP/JSON requests, in the order in which they came. */
export const wireSpansOf = (requests: readonly string[]): readonly WireSpan[] =>
  requests.flatMap((request) => {
    const { resourceSpans }: WireRequest = JSON.parse(request);
    return resourceSpans.flatMap(({ resource, scopeSpans }) => {
      const id = resource.attributes.find(({ key }) => key === "service.instance.id");
      const spans = scopeSpans.flatMap((scope) => scope.spans);
      return spans.map((span) => ({ ...span, process: id?.value.stringValue }));
    });
  });

interface WireRequest {
  readonly resourceSpans: readonly {
    readonly resource: {
      readonly attributes: readonly {
        readonly key: string;
        readonly value: { readonly stringValue?: string };
      }[];
    };
    readonly scopeSpans: readonly { readonly spans: readonly Omit<WireSpan, "process">[] }[];
  }[];
}
