/** A span in OTLP's JSON. */
export interface JsonSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly object[];
}

/** A span that our SDK would not make: a root of its own trace, so many seconds long. */
export const spanOf = (
  number: number,
  seconds: number,
  attributes: Readonly<Record<string, string>> = {},
): JsonSpan => ({
  traceId: number.toString(16).padStart(32, "a"),
  spanId: number.toString(16).padStart(16, "b"),
  name: `span ${number}`,
  kind: 1,
  startTimeUnixNano: "1000000000",
  endTimeUnixNano: `${BigInt(Math.round((1 + seconds) * 1e9))}`,
  attributes: Object.entries(attributes).map(([key, stringValue]) => ({
    key,
    value: { stringValue },
  })),
});

/** A request with these spans, of a service called "app" unless said otherwise. */
export const requestOf = (spans: readonly JsonSpan[], service = "app"): string =>
  JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: service } }] },
        scopeSpans: [{ scope: { name: "host" }, spans }],
      },
    ],
  });

/** Sends them over OTLP/HTTP. */
export const post = (
  url: string,
  spans: readonly JsonSpan[],
  service?: string,
): Promise<Response> => postBody(url, requestOf(spans, service));

/** Sends a body over OTLP/HTTP as it is. */
export const postBody = (url: string, body: string): Promise<Response> =>
  fetch(`${url}/v1/traces`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
