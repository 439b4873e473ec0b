import { context, ROOT_CONTEXT } from "@opentelemetry/api";
import { lifecycleSnapshot } from "@otel-lifecycle/api";
import { warn } from "../diagnostics.ts";
import type { Pipeline } from "../pipeline.ts";
import { registration } from "../registration.ts";
import { within } from "../within.ts";
import { attempt } from "./attempt.ts";

/** Ends what is in flight and sends it, within one limit for all waits of the process. */
export interface LastFlush {
  /** True if a run or an action is in flight. */
  readonly isInFlight: () => boolean;
  /** True if something has ended and is known not to have arrived. */
  readonly isUnsent: () => boolean;
  /** Ends what is in flight, and sends it in turns of the event loop. Never rejects. */
  readonly run: () => Promise<void>;
  /**
   * Ends what is in flight, sends what is unsent before it returns, and says what could not be sent.
   * Never throws.
   */
  readonly runSync: () => void;
  /**
   * Says, once, how much could not be sent since the first of these began, and writes the incidents
   * that wait, which needs nobody else. Never throws.
   */
  readonly sayLost: () => void;
  /** Leaves what is unsent to the journal, where one is kept, and closes it. Never throws. */
  readonly close: () => void;
}

/** The spans that one slice ends at most, though the queue could take more: memory for one turn. */
const SLICE = 8192;
/** As many as our own queue holds, because each sending of the last spans costs a process. */
const SYNC_SLICE = 65_536;

/** A limit of 0 ms only ends: nothing is waited for. */
export const createLastFlush = (
  currentPipeline: () => Pipeline | undefined,
  limitMs: number,
): LastFlush => {
  let spentMs = 0;
  let since: number | undefined;
  let hasSaid = false;
  let failedBefore: number | undefined;
  // Whole milliseconds, because timeouts of child processes take no others.
  const leftMs = (): number => {
    const current = since === undefined ? 0 : performance.now() - since;
    return Math.max(Math.ceil(limitMs - spentMs - current), 0);
  };

  return {
    isInFlight: () => {
      const { runs, actions } = lifecycleSnapshot();
      return runs + actions > 0 || currentPipeline()?.processor?.hasOpenSpans() === true;
    },
    isUnsent: () => (currentPipeline()?.unsent ?? 0) > 0,
    run: async () => {
      since ??= performance.now();
      try {
        // At the root, because the listener may have been added in any context of the application.
        await context.with(ROOT_CONTEXT, endAndFlush);
      } catch (error) {
        attempt("last flush", () => {
          throw error;
        });
      }
      spentMs = limitMs - leftMs();
      since = undefined;
    },
    runSync: () => {
      attempt("last flush", () => context.with(ROOT_CONTEXT, endAndFlushSync));
      attempt("last flush", sayLost);
    },
    sayLost: () => {
      attempt("last flush", sayLost);
      attempt("last flush", () => registration.incidents?.flushSync());
    },
    close: () => {
      const { journal } = registration;
      journal?.keep();
      journal?.close();
    },
  };

  function sayLost(): void {
    const { unsent = 0, failed = 0 } = currentPipeline() ?? {};
    const lost = unsent + failed - (failedBefore ?? failed);
    if (lost === 0 || hasSaid) return;
    hasSaid = true;
    const kept = Math.min(registration.journal?.keep() ?? 0, lost);
    const line = `${lost} spans could not be sent within ${limitMs} ms before the process ends`;
    warn(kept === 0 ? `${line}.` : `${line}; ${kept} are in the journal, for the next start.`);
  }

  function beginEnd({ failed }: Pipeline): void {
    failedBefore ??= failed;
    registration.journal?.ending();
  }

  async function endAndFlush(): Promise<void> {
    const pipeline = currentPipeline();
    if (pipeline === undefined) return;
    beginEnd(pipeline);
    while (endSlice(pipeline, SLICE)) if (leftMs() > 0) await pipeline.flush(leftMs());
    if (leftMs() > 0) await pipeline.flush(leftMs());
    const { incidents } = registration;
    if (incidents !== undefined && leftMs() > 0) await within(leftMs(), incidents.flush());
    // What the limit cut off is written now: behind a signal there is no later.
    incidents?.flushSync();
  }

  function endAndFlushSync(): void {
    const pipeline = currentPipeline();
    if (pipeline === undefined) return;
    beginEnd(pipeline);
    while (endSlice(pipeline, SYNC_SLICE)) sendSync(pipeline);
    sendSync(pipeline);
    registration.incidents?.flushSync();
  }

  function sendSync(pipeline: Pipeline): void {
    since ??= performance.now();
    if (pipeline.unsent !== 0 && leftMs() > 0) pipeline.flushSync(leftMs());
  }
};

const endSlice = ({ processor }: Pipeline, limit: number): boolean =>
  processor?.endOpenSpans(limit) === true;
