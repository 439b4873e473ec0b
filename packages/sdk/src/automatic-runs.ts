import { type Context, type Span, SpanKind } from "@opentelemetry/api";
import type { Scope } from "@otel-lifecycle/api";
import {
  beginAutomaticRun,
  getSpanState,
  guarded,
  type SpanSink,
} from "@otel-lifecycle/api/internal";
import { checkOptions, type Expected } from "./check-options.ts";
import { incomingExchanges } from "./incoming-exchanges.ts";
import type { SdkSpan } from "./sdk-types.ts";

/** Which local root spans are runs without a line of code. Whatever is given has to hold. */
export interface AutomaticRunOptions {
  /** Span kinds, of the API's `SpanKind`. Default: all. */
  readonly kinds?: readonly SpanKind[];
  /** Span names at their start, or patterns of them. Default: all. */
  readonly names?: readonly (string | RegExp)[];
  /** Decides on a span by what it starts with. One that throws selects nothing. */
  readonly select?: (span: SdkSpan) => boolean;
  /**
   * The scope of a run. Default, and for `undefined`: the current one, of `withScope` or of the run
   * in whose code it starts, else the process.
   */
  readonly scope?: (span: SdkSpan) => Scope | undefined;
}

/** Takes local root spans as runs. */
export interface AutomaticRuns {
  /** Begins a run if the span is a local root and is selected; true if so. */
  begin(span: SdkSpan, context: Context): boolean;
  stop(): void;
}

/** @throws LifecycleError `invalid_option` or `unknown_option`. */
export const createAutomaticRuns = (
  options: AutomaticRunOptions,
  processor: SpanSink,
): AutomaticRuns => {
  const selects = selectionOf(options);
  const { scope: scopeOf } = options;
  const incoming = incomingExchanges();
  const begin = (span: SdkSpan, context: Context): boolean => {
    if (!isLocalRoot(span) || (selects !== undefined && !selects(span))) return false;
    const scope =
      scopeOf === undefined ? undefined : guarded("scope of a run", () => scopeOf(span));
    // Another processor of ours may have taken it, and somebody else may have ended it already.
    if (getSpanState(span) !== undefined || !span.isRecording()) return false;
    const exchange = isServer(span) ? incoming.take() : undefined;
    beginAutomaticRun({ span, context, scope, exchange, processor });
    return true;
  };
  return { begin, stop: incoming.stop };
};

/** What the spans of the SDKs have besides the API's. */
interface Started {
  readonly name?: unknown;
  readonly kind?: unknown;
  readonly parentSpanContext?: { readonly isRemote?: boolean };
}

const isLocalRoot = (span: Span): boolean => {
  const { parentSpanContext } = span as Started;
  return parentSpanContext === undefined || parentSpanContext.isRemote === true;
};

const isServer = (span: Span): boolean => (span as Started).kind === SpanKind.SERVER;

// Undefined where everything is selected, which is what most processors do.
const selectionOf = (options: AutomaticRunOptions): ((span: SdkSpan) => boolean) | undefined => {
  checkOptions("automaticRuns", options, EXPECTED);
  const { kinds, names, select } = options;
  if (kinds === undefined && names === undefined && select === undefined) return undefined;
  return (span) => {
    const { kind, name } = span as Started;
    if (kinds !== undefined && !kinds.some((one) => one === kind)) return false;
    if (names !== undefined && !names.some((one) => isNamed(one, name))) return false;
    return select === undefined || guarded("selection of a run", () => select(span)) === true;
  };
};

const isNamed = (pattern: string | RegExp, name: unknown): boolean => {
  if (typeof pattern === "string") return pattern === name;
  // One with the flag g or y would begin where it stopped last; others may be frozen.
  if (pattern.lastIndex !== 0) pattern.lastIndex = 0;
  return typeof name === "string" && pattern.test(name);
};

const EXPECTED: Expected<AutomaticRunOptions> = {
  kinds: {
    what: "a list of SpanKind",
    fits: (value) => isListOf(value, (one) => typeof one === "number" && one in SpanKind),
  },
  names: {
    what: "a list of strings and regular expressions",
    fits: (value) => isListOf(value, (one) => typeof one === "string" || one instanceof RegExp),
  },
  select: { what: "a function", fits: (value) => typeof value === "function" },
  scope: { what: "a function", fits: (value) => typeof value === "function" },
};

const isListOf = (value: unknown, fits: (one: unknown) => boolean): boolean =>
  Array.isArray(value) && value.every(fits);
