import type { UiSpan, UiTag, UiTrace } from "./jaeger-api.ts";

/** A link pattern of Jaeger's UI, as far as a JSON file can hold it. */
export interface LinkPattern {
  readonly type?: string | readonly string[];
  readonly key?: string | readonly string[];
  readonly value?: string | readonly string[];
  readonly url: string;
  readonly text: string;
}

export interface Link {
  readonly key: string;
  readonly url: string;
  readonly text: string;
}

/**
 * The links that Jaeger's UI puts on the tags of a span, by the rules of its
 * `model/link-patterns`: a pattern whose parameters are not all in the span's tags, in those of its
 * process or in those of a span above it gives none.
 */
export const linksOf = (
  patterns: readonly LinkPattern[],
  span: UiSpan,
  trace: UiTrace,
): readonly Link[] =>
  span.tags.flatMap((tag) =>
    patterns
      .filter((pattern) => matches(pattern, tag))
      .flatMap(({ url, text }) => {
        const values = valuesOf([...parametersOf(url), ...parametersOf(text)], span, trace);
        if (values === undefined) return [];
        return [
          {
            key: tag.key,
            url: filled(url, values, encodeURIComponent),
            text: filled(text, values, String),
          },
        ];
      }),
  );

const PARAMETER = /#\{([^{}]*)\}/g;

const parametersOf = (template: string): readonly string[] =>
  [...template.matchAll(PARAMETER)].map(([, name = ""]) => name);

const filled = (
  template: string,
  values: ReadonlyMap<string, UiTag["value"]>,
  written: (value: UiTag["value"]) => string,
): string => template.replace(PARAMETER, (_, name: string) => written(values.get(name) ?? ""));

const matches = ({ type, key, value }: LinkPattern, tag: UiTag): boolean =>
  isOneOf(type, "tags") && isOneOf(key, tag.key) && isOneOf(value, tag.value);

const isOneOf = (given: string | readonly string[] | undefined, found: UiTag["value"]): boolean =>
  given === undefined || [given].flat().some((text) => text === found);

const valuesOf = (
  names: readonly string[],
  span: UiSpan,
  trace: UiTrace,
): ReadonlyMap<string, UiTag["value"]> | undefined => {
  const values = new Map<string, UiTag["value"]>();
  for (const name of names) {
    const value = name.startsWith("trace.") ? ofTrace(name, trace) : ofSpan(name, span, trace);
    if (value === undefined) return undefined;
    values.set(name, value);
  }
  return values;
};

const ofTrace = (name: string, { traceID }: UiTrace): string | undefined =>
  name === "trace.traceID" ? traceID : undefined;

const ofSpan = (name: string, span: UiSpan, trace: UiTrace): UiTag["value"] | undefined => {
  const tags = [...span.tags, ...(trace.processes[span.processID]?.tags ?? [])];
  const found = tags.find(({ key }) => key === name);
  if (found !== undefined) return found.value;
  const parent = parentOf(span, trace);
  return parent === undefined ? undefined : ofSpan(name, parent, trace);
};

const parentOf = (span: UiSpan, { spans }: UiTrace): UiSpan | undefined => {
  const reference = span.references.find(({ refType }) => refType === "CHILD_OF");
  return spans.find(({ spanID }) => spanID === reference?.spanID);
};
