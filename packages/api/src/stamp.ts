import { type Attributes, type Span, SpanStatusCode } from "@opentelemetry/api";

/** What the SDKs' spans have besides the API's: read where it is, never required. */
interface Readable {
  readonly attributes?: Attributes;
  readonly status?: { readonly code: SpanStatusCode };
}

/**
 * Sets attributes that a span must carry. A span at its attribute limit refuses new keys, and the
 * verdict on a run is worth more than the limit: it goes over it by the few keys that we have.
 */
export const stamp = (span: Span, attributes: Attributes): void => {
  const carried = (span as Readable).attributes;
  let full = false;
  for (const name in attributes) {
    const value = attributes[name];
    if (value === undefined) continue;
    if (!full || (carried !== undefined && name in carried)) span.setAttribute(name, value);
    full ||= carried !== undefined && !(name in carried);
    if (full && carried !== undefined && !(name in carried)) carried[name] = value;
  }
};

/** The same for a single attribute, which is all that most runs get. */
export const stampOne = (span: Span, name: string, value: string): void => {
  span.setAttribute(name, value);
  const carried = (span as Readable).attributes;
  if (carried !== undefined && carried[name] === undefined) carried[name] = value;
};

/** The same for attributes that were given at the start: only what is missing is written. */
export const stampMissing = (span: Span, attributes: Attributes): void => {
  const carried = (span as Readable).attributes;
  if (carried === undefined) return;
  for (const name in attributes) {
    if (carried[name] === undefined) carried[name] = attributes[name];
  }
};

/** True unless the span is known to have a status. */
export const isUnset = (span: Span): boolean =>
  ((span as Readable).status?.code ?? SpanStatusCode.UNSET) === SpanStatusCode.UNSET;

/** `error.type` of a span whose status says that it failed, else undefined. */
export const failureOn = (span: Span): string | undefined => {
  const { attributes, status } = span as Readable;
  if (status?.code !== SpanStatusCode.ERROR) return undefined;
  const type = attributes?.["error.type"];
  return typeof type === "string" ? type : "_OTHER";
};
