import type { SdkSpan } from "./sdk-types.ts";

/** What the SDKs' spans look like from inside; private, so only ever looked for. */
interface Inside {
  readonly _spanProcessor?: { readonly onEnding?: unknown };
}

/** True if the span is known to be of an SDK before 2.3, which tells no processor of an end to come. */
export const endsUntold = (span: object): boolean => {
  const processor = (span as Inside)._spanProcessor;
  return processor !== undefined && typeof processor.onEnding !== "function";
};

/** Has `step` run when the span is ended, while it can still be written. It must not throw. */
export const beforeEnd = (span: SdkSpan, step: (span: SdkSpan) => void): void => {
  const { end } = span;
  span.end = (...time) => {
    // Once, because SDKs warn of a second end and change nothing.
    span.end = end;
    step(span);
    end.apply(span, time);
  };
};
