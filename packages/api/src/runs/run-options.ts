import type { Span, SpanOptions } from "@opentelemetry/api";
import { boundMilliseconds, boundName, boundRunId, noteUnknown, spanNameOf } from "../bounds.ts";
import { noteBounded, reportFailure } from "../diagnostics.ts";
import { isScope, type ScopeNode } from "../scopes/scope.ts";
import type { RunOptions } from "./run.ts";

/** A run's options, bounded. */
export interface BoundRunOptions {
  readonly name: string;
  readonly id: string | undefined;
  readonly scope: ScopeNode | undefined;
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number | undefined;
  readonly timeoutResult: "failed" | "interrupted";
  readonly span: Span | undefined;
  readonly spanOptions: SpanOptions | undefined;
  /** A root span was asked for: what it starts is nobody's. */
  readonly isRoot: boolean;
}

const OPTIONS: Readonly<Record<keyof RunOptions, true>> = {
  name: true,
  id: true,
  scope: true,
  signal: true,
  timeoutMs: true,
  timeoutResult: true,
  span: true,
  spanOptions: true,
};

/** Bounds or drops, and counts, what does not fit; never throws, because it is run time. */
export const readRunOptions = (options: RunOptions): BoundRunOptions => {
  try {
    noteUnknown("run option", options, OPTIONS);
    const span = boundSpan(options.span);
    return {
      name:
        span !== undefined && options.name === undefined
          ? spanNameOf(span)
          : boundName(options.name, "run"),
      id: options.id === undefined ? undefined : boundRunId(options.id),
      scope: boundScope(options.scope),
      signal: boundSignal(options.signal),
      timeoutMs: boundMilliseconds("run timeoutMs", options.timeoutMs),
      timeoutResult: boundTimeoutResult(options.timeoutResult),
      span,
      spanOptions: boundSpanOptions(options.spanOptions),
      isRoot: options.spanOptions?.root === true,
    };
  } catch (error) {
    reportFailure("run options", error);
    return UNREADABLE;
  }
};

const UNREADABLE: BoundRunOptions = {
  name: "run",
  id: undefined,
  scope: undefined,
  signal: undefined,
  timeoutMs: undefined,
  timeoutResult: "failed",
  span: undefined,
  spanOptions: undefined,
  isRoot: false,
};

/** Anything but a scope is none, and counted. */
export const boundScope = (scope: unknown): ScopeNode | undefined => {
  if (scope === undefined || isScope(scope)) return scope;
  noteBounded("run scope", "expected a scope of this package, the enclosing one stands for it.");
  return undefined;
};

const boundSignal = (signal: unknown): AbortSignal | undefined => {
  if (signal === undefined || isSignal(signal)) return signal;
  noteBounded("run signal", "expected an AbortSignal, dropped.");
  return undefined;
};

// By its form, because a polyfill's or another realm's is one too.
const isSignal = (signal: unknown): signal is AbortSignal => {
  const { aborted, addEventListener, removeEventListener } = Object(signal) as Partial<AbortSignal>;
  return (
    typeof aborted === "boolean" &&
    typeof addEventListener === "function" &&
    typeof removeEventListener === "function"
  );
};

const boundTimeoutResult = (result: unknown): "failed" | "interrupted" => {
  if (result === undefined || result === "failed" || result === "interrupted") {
    return result ?? "failed";
  }
  noteBounded("run timeoutResult", 'expected "failed" or "interrupted", "failed" stands for it.');
  return "failed";
};

export const boundSpanOptions = (options: unknown): SpanOptions | undefined => {
  if (options === undefined) return undefined;
  if (typeof options === "object" && options !== null) return options;
  noteBounded("spanOptions", "expected an object, dropped.");
  return undefined;
};

const boundSpan = (span: unknown): Span | undefined => {
  if (span === undefined || isSpan(span)) return span;
  noteBounded("run span", "expected a span of the OpenTelemetry API, one is started instead.");
  return undefined;
};

const isSpan = (span: unknown): span is Span =>
  typeof (span as Partial<Span> | null)?.spanContext === "function" &&
  typeof (span as Partial<Span>).isRecording === "function";
