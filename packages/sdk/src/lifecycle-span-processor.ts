import type { Context } from "@opentelemetry/api";
import {
  addBelow,
  failureOn,
  getRun,
  getSpanState,
  inheritedBy,
  registry,
  removeBelow,
  reportFailure,
  settle,
  stamp,
} from "@otel-lifecycle/api/internal";
import { isBehindExporter, warnOfPosition } from "./position.ts";
import type { SdkSpan, SpanProcessor } from "./sdk-types.ts";
import { endOpenSpans } from "./shutdown.ts";

/**
 * Stamps spans with who closed them while they can still be written, before any exporter sees
 * them: runs whose span their owner ended, and what was in flight below a run that was closed.
 * At `shutdown()` it ends the spans of what is still in flight, if it stands before the processor
 * that exports them: put it first.
 *
 * Never throws, delays or drops a span.
 */
export class LifecycleSpanProcessor implements SpanProcessor {
  #positionChecked = false;
  #behind = false;
  #shutDown = false;

  onStart(span: SdkSpan, parentContext: Context): void {
    // Guarded here, because the SDK is not: what throws comes out of the host's startSpan().
    try {
      if (!this.#positionChecked) this.#checkPosition(span);
      const owner = registry.startingSpanOf;
      if (owner !== undefined) {
        owner.processor = this;
        return;
      }
      const run = getRun(parentContext);
      if (run !== undefined && run.close === undefined && !this.#shutDown) addBelow(run, span);
    } catch (error) {
      reportFailure("start of a span", error);
    }
  }

  onEnding(span: SdkSpan): void {
    try {
      const state = getSpanState(span);
      if (state === undefined) return;
      if (state.type === "run") {
        settle(state, { type: "span_ended", errorType: failureOn(span) });
        return;
      }
      removeBelow(state);
      const inherited = inheritedBy(state);
      if (inherited !== undefined) stamp(span, inherited);
    } catch (error) {
      reportFailure("end of a span", error);
    }
  }

  /** Does nothing: a span that has ended can only be read. */
  onEnd(): void {}

  /** Resolves at once: nothing is held back here. */
  forceFlush(): Promise<void> {
    return Promise.resolve();
  }

  /** Ends what is in flight, as closed by the shutdown, so that it is exported. */
  shutdown(): Promise<void> {
    if (!this.#shutDown) {
      this.#shutDown = true;
      if (this.#behind) warnOfPosition("what was open at shutdown is lost");
      else endOpenSpans(this);
    }
    return Promise.resolve();
  }

  #checkPosition(span: SdkSpan): void {
    this.#positionChecked = true;
    this.#behind = isBehindExporter(this, span);
    if (this.#behind) warnOfPosition("what is open at shutdown will be lost");
  }
}
