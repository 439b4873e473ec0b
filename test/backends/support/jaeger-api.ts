import { type OtlpSpan, spansOf } from "../../support/otlp-span.ts";

/** A trace in the form of Jaeger's UI. */
export interface UiTrace {
  readonly traceID: string;
  readonly spans: readonly UiSpan[];
  readonly processes: Readonly<Record<string, UiProcess>>;
}

export interface UiSpan {
  readonly spanID: string;
  readonly operationName: string;
  /** Microseconds since the epoch. */
  readonly startTime: number;
  /** Microseconds. */
  readonly duration: number;
  readonly processID: string;
  readonly references: readonly UiReference[];
  readonly tags: readonly UiTag[];
  readonly warnings: readonly string[] | null;
}

export interface UiReference {
  readonly refType: "CHILD_OF" | "FOLLOWS_FROM";
  readonly traceID: string;
  readonly spanID: string;
}

export interface UiTag {
  readonly key: string;
  readonly value: string | number | boolean;
}

export interface UiProcess {
  readonly serviceName: string;
  readonly tags: readonly UiTag[];
}

/** The traces that a search of the API behind the UI finds: the parameters of the UI's own. */
export const searchJaeger = async (
  url: string,
  parameters: Readonly<Record<string, string>>,
): Promise<readonly UiTrace[]> => {
  const query = new URLSearchParams(parameters);
  const response = await fetch(`${url}/api/traces?${query}`);
  const { data } = (await response.json()) as { readonly data: readonly UiTrace[] | null };
  return data ?? [];
};

/** The traces with a span of a service that has a tag. */
export const tracesWith = (
  url: string,
  service: string,
  tags: Readonly<Record<string, string>>,
): Promise<readonly UiTrace[]> =>
  searchJaeger(url, { service, tags: JSON.stringify(tags), limit: "1000" });

/** One trace as the UI shows it. */
export const uiTraceOf = async (url: string, traceId: string): Promise<UiTrace> => {
  const response = await fetch(`${url}/api/traces/${traceId}`);
  const { data } = (await response.json()) as { readonly data: readonly UiTrace[] };
  const [trace] = data;
  if (trace === undefined) throw new Error(`Jaeger has no trace ${traceId}`);
  return trace;
};

/** One trace as OTLP as it is stored, by the newer API. */
export const otlpTraceOf = async (url: string, traceId: string): Promise<readonly OtlpSpan[]> => {
  const response = await fetch(`${url}/api/v3/traces/${traceId}?raw_traces=true`);
  const { result } = (await response.json()) as { readonly result: object };
  return spansOf([JSON.stringify(result)]);
};
