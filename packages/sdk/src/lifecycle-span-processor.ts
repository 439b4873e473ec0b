import type { Context } from "@opentelemetry/api";
import {
  addBelow,
  failureOn,
  getSpanState,
  guarded,
  inheritedBy,
  liveRun,
  noteDropped,
  registry,
  removeBelow,
  reportFailure,
  runIn,
  type SpanSink,
  type SpanState,
  settleWithSpan,
  stamp,
} from "@otel-lifecycle/api/internal";
import {
  type AutomaticRunOptions,
  type AutomaticRuns,
  createAutomaticRuns,
} from "./automatic-runs.ts";
import { checkOptions, type Expected } from "./check-options.ts";
import { beforeEnd, endsUntold } from "./ending.ts";
import {
  isBehindExporter,
  isSecond,
  processorsOf,
  roomBehind,
  squeezeBehind,
  warn,
} from "./position.ts";
import type { SdkSpan, SpanProcessor } from "./sdk-types.ts";
import { endingsOf, type Finality, hasOpenSpans } from "./shutdown.ts";

/** What {@link LifecycleSpanProcessor} takes. */
export interface LifecycleSpanProcessorOptions {
  /** Whether local root spans are runs without a line of code, and which. Default: true, all. */
  readonly automaticRuns?: boolean | AutomaticRunOptions;
}

/**
 * Stamps spans with who closed them while they can still be written, before any exporter sees
 * them: local root spans, which are runs; runs whose span their owner ended; and what was in
 * flight below a run that was closed. At `shutdown()` it ends the spans of what is still in
 * flight, if it stands before the processor that exports them: put it first.
 *
 * Never throws, delays or drops a span.
 */
export class LifecycleSpanProcessor implements SpanProcessor, SpanSink {
  readonly #automatic: AutomaticRuns | undefined;
  #hasEnding = false;
  #isChecked = false;
  #list: readonly unknown[] | undefined;
  #isBehind = false;
  #endsUntold = false;
  #isShutDown = false;
  #endings: Generator<number> | undefined;

  /** @throws LifecycleError `invalid_option` or `unknown_option`. */
  constructor(options: LifecycleSpanProcessorOptions = {}) {
    checkOptions("LifecycleSpanProcessor", options, EXPECTED);
    const { automaticRuns = true } = options;
    if (automaticRuns === false) return;
    this.#automatic = createAutomaticRuns(automaticRuns === true ? {} : automaticRuns, this);
  }

  onStart(span: SdkSpan, parentContext: Context): void {
    // Guarded here, because the SDK is not: what throws comes out of the host's startSpan().
    try {
      const owner = registry.startingSpanOf;
      if (owner !== undefined) owner.processor ??= this;
      else if (!this.#isShutDown) this.#place(span, parentContext);
      if (!this.#isChecked) this.#check(span);
      if (this.#endsUntold && getSpanState(span) !== undefined) {
        beforeEnd(span, (ending) => this.onEnding(ending));
      }
    } catch (error) {
      reportFailure("start of a span", error);
    }
  }

  onEnding(span: SdkSpan): void {
    this.#hasEnding = true;
    try {
      const state = getSpanState(span);
      if (state !== undefined) this.#end(span, state);
    } catch (error) {
      reportFailure("end of a span", error);
    }
  }

  onEnd(span: object): void {
    if (!this.#hasEnding) this.#letGo(span);
    const { journal } = registry;
    if (journal === undefined) return;
    try {
      journal.spanEnded(span, this);
    } catch (error) {
      reportFailure("journal", error);
    }
  }

  /** Resolves at once: nothing is held back here. */
  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  /** Ends what is in flight, as closed by the shutdown, so that it is exported. */
  shutdown(): Promise<void> {
    if (!this.#isShutDown) {
      this.#isShutDown = true;
      this.#automatic?.stop();
      guarded("shutdown", () => this.#endAll());
    }
    return Promise.resolve();
  }

  /**
   * Ends what is in flight because the process goes away: the runs and the actions, then what is
   * below the runs, at most `limit` spans of them and what the exporting processor can take. True if
   * there are more: for a caller that flushes that one in between. What begins later is closed by the same
   * shutdown. Never throws.
   */
  endOpenSpans(limit: number): boolean {
    const done = guarded("shutdown", () => this.#endSome(limit, "process"));
    return done === false;
  }

  /** True if a run, an action or a request around one is in flight that this processor saw begin. */
  hasOpenSpans(): boolean {
    return guarded("open spans", () => hasOpenSpans(this)) === true;
  }

  /** How many spans the processors behind this one can take now; `Infinity` if nobody can tell. */
  room(): number {
    return roomBehind(this, this.#list);
  }

  /** Has a full queue take the one span that `end` ends; false, and nothing is called, if it will not. */
  squeezeIn(end: () => void): boolean {
    return squeezeBehind(this, this.#list, end);
  }

  #place(span: SdkSpan, context: Context): void {
    if (this.#automatic?.begin(span, context) === true) return;
    const run = liveRun(runIn(context));
    if (run !== undefined) addBelow(run, span, this);
  }

  #end(span: SdkSpan, state: SpanState): void {
    if (state.type === "run") {
      settleWithSpan(state, failureOn(span));
      if (state.close?.type !== "completed" && this.room() < 1) noteDropped();
      return;
    }
    removeBelow(state);
    const inherited = inheritedBy(state);
    if (inherited === undefined) return;
    stamp(span, inherited);
    if (this.room() < 1) noteDropped();
  }

  // Too late to stamp, but not to let go of a run: for SDKs before 2.3, which have no `onEnding`.
  #letGo(span: object): void {
    try {
      const state = getSpanState(span);
      if (state?.type === "run" && state.close === undefined) settleWithSpan(state, undefined);
    } catch (error) {
      reportFailure("end of a span", error);
    }
  }

  #endAll(): void {
    if (!this.#isBehind) this.#endSome(Number.POSITIVE_INFINITY, "provider");
    else if (hasOpenSpans(this)) warn(`${BEHIND}: what was open at shutdown is lost. ${REMEDY}`);
  }

  /** True once all have ended. */
  #endSome(limit: number, finality: Finality): boolean {
    if (!(limit > 0)) return false;
    // Before the first span there is a step that decides all, and ends the actions.
    const first = this.#endings === undefined ? -1 : 0;
    this.#endings ??= endingsOf(this, finality);
    for (let count = first; count < limit; count += 1) {
      const { done, value: next } = this.#endings.next();
      if (done === true) {
        this.#endings = undefined;
        return true;
      }
      // A caller that can flush in between need lose nothing.
      if (finality === "process" && this.room() < next) return false;
    }
    return false;
  }

  #check(span: SdkSpan): void {
    this.#isChecked = true;
    this.#list = processorsOf(span);
    this.#endsUntold = endsUntold(span);
    this.#isBehind = isBehindExporter(this, span);
    if (this.#isBehind) warn(`${BEHIND}: what is open at shutdown will be lost. ${REMEDY}`);
    if (isSecond(this, span)) {
      warn("LifecycleSpanProcessor is in spanProcessors twice: one is enough. Take one out.");
    }
  }
}

const EXPECTED: Expected<LifecycleSpanProcessorOptions> = {
  automaticRuns: {
    what: "true, false or an object of options",
    fits: (value) => typeof value === "boolean" || (typeof value === "object" && value !== null),
  },
};

const BEHIND = "LifecycleSpanProcessor stands behind a processor that exports";
const REMEDY = "Put it first in spanProcessors.";
