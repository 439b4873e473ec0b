import type { Context } from "@opentelemetry/api";
import {
  addBelow,
  failureOn,
  getSpanState,
  guarded,
  inheritedBy,
  liveRun,
  registry,
  removeBelow,
  reportFailure,
  runIn,
  settleWithSpan,
  stamp,
} from "@otel-lifecycle/api/internal";
import { isBehindExporter, isSecond, warn } from "./position.ts";
import type { SdkSpan, SpanProcessor } from "./sdk-types.ts";
import { endOpenSpans, hasOpenSpans } from "./shutdown.ts";

/**
 * Stamps spans with who closed them while they can still be written, before any exporter sees
 * them: runs whose span their owner ended, and what was in flight below a run that was closed.
 * At `shutdown()` it ends the spans of what is still in flight, if it stands before the processor
 * that exports them: put it first.
 *
 * Never throws, delays or drops a span.
 */
export class LifecycleSpanProcessor implements SpanProcessor {
  #hasEnding = false;
  #isChecked = false;
  #isBehind = false;
  #isShutDown = false;

  onStart(span: SdkSpan, parentContext: Context): void {
    // Guarded here, because the SDK is not: what throws comes out of the host's startSpan().
    try {
      const owner = registry.startingSpanOf;
      if (owner !== undefined) owner.processor ??= this;
      else if (!this.#isShutDown) {
        const run = liveRun(runIn(parentContext));
        if (run !== undefined) addBelow(run, span, this);
      }
      if (!this.#isChecked) this.#check(span);
    } catch (error) {
      reportFailure("start of a span", error);
    }
  }

  onEnding(span: SdkSpan): void {
    this.#hasEnding = true;
    try {
      const state = getSpanState(span);
      if (state === undefined) return;
      if (state.type === "run") {
        settleWithSpan(state, failureOn(span));
        return;
      }
      removeBelow(state);
      const inherited = inheritedBy(state);
      if (inherited !== undefined) stamp(span, inherited);
    } catch (error) {
      reportFailure("end of a span", error);
    }
  }

  /** Too late to stamp, but not to let go of a run: for SDKs before 2.3, which have no `onEnding`. */
  onEnd(span: object): void {
    if (this.#hasEnding) return;
    try {
      const state = getSpanState(span);
      if (state?.type === "run" && state.close === undefined) settleWithSpan(state, undefined);
    } catch (error) {
      reportFailure("end of a span", error);
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
      guarded("shutdown", () => this.#endOpenSpans());
    }
    return Promise.resolve();
  }

  #endOpenSpans(): void {
    if (!this.#isBehind) endOpenSpans(this);
    else if (hasOpenSpans(this)) warn(`${BEHIND}: what was open at shutdown is lost. ${REMEDY}`);
  }

  #check(span: SdkSpan): void {
    this.#isChecked = true;
    this.#isBehind = isBehindExporter(this, span);
    if (this.#isBehind) warn(`${BEHIND}: what is open at shutdown will be lost. ${REMEDY}`);
    if (isSecond(this, span)) {
      warn("LifecycleSpanProcessor is in spanProcessors twice: one is enough. Take one out.");
    }
  }
}

const BEHIND = "LifecycleSpanProcessor stands behind a processor that exports";
const REMEDY = "Put it first in spanProcessors.";
