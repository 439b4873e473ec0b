import type { Span } from "@opentelemetry/api";
import {
  guarded,
  inheritedAttributes,
  MAX_INTERRUPTS,
  type ManagedRun,
  processNode,
  registry,
  runsIn,
  type SpanSink,
  settle,
  spansBelow,
  stamp,
} from "@otel-lifecycle/api/internal";
import { isOfProcessor } from "./position.ts";
import { beginShutdown, shutdownUnderWay } from "./process-shutdown.ts";

/** Whether what is covered by the shutdown from now on is closed by it: the process goes away. */
export type Finality = "process" | "provider";

/**
 * Ends what a processor has in flight, step by step: every run is decided and stamped and every
 * action's span ended at once, then the spans of the runs, then interrupt spans, then what was
 * below the runs. What the queue of the exporting processor does not hold is lost, so what
 * matters most comes first. Yields before each span, and before the interrupt spans of an action,
 * how many come next.
 */
export function* endingsOf(processor: SpanSink, finality: Finality): Generator<number> {
  const runs = [...new Set(runsIn(processNode()))].filter((run) => isSeenBy(processor, run));
  const roots = [...registry.yielded].filter((root) => root.processor === processor);
  const below = [...runs, ...roots].flatMap((run) => spansBelow(run, processor));
  const isNeeded = runs.length + roots.length > 0;
  if (isNeeded) beginShutdown(PROVIDER_SHUTDOWN);
  for (const run of runs) settle(run, { type: "shut_down" });
  for (const root of roots) guarded("shutdown of a root", () => leaveToShutdown(root));
  const interrupts = endActions(processor, finality);
  yield* endEach(runs.map(({ span }) => span));
  for (const write of interrupts) {
    yield MAX_INTERRUPTS;
    guarded("interrupt spans at shutdown", write);
  }
  yield* endEach(roots.map(({ span }) => span));
  yield* endEach(below);
}

/** True if something is in flight that a shutdown would have to end. */
export const hasOpenSpans = (processor: SpanSink): boolean => {
  for (const run of runsIn(processNode())) if (isSeenBy(processor, run)) return true;
  for (const root of registry.yielded) if (root.processor === processor) return true;
  for (const action of registry.actions.values()) if (action.processor === processor) return true;
  return false;
};

const PROVIDER_SHUTDOWN = { trigger: "runtime", operation: "TracerProvider.shutdown" } as const;

// Its run may have completed long ago; what went on above that is cut off now.
const leaveToShutdown = (root: ManagedRun): void => {
  const ref = shutdownUnderWay()?.cell.ref;
  if (root.bequest !== undefined || ref === undefined) return;
  const bequest = { class: "lifecycle_action", action: ref, seq: 0, due: undefined } as const;
  stamp(root.span, inheritedAttributes(bequest));
};

// Returns what is left to write of each.
const endActions = (processor: SpanSink, finality: Finality): readonly (() => void)[] => {
  const shutdown = shutdownUnderWay();
  if (shutdown !== undefined) {
    if (finality === "process") shutdown.cover.isFinal = true;
    // The code of one of the application's own may go on after the provider.
    if (finality === "process" || shutdown === registry.shutdown) shutdown.markDone();
  }
  return [...registry.actions.values()]
    .filter((action) => action.processor === processor || action === registry.shutdown)
    .map((action) => guarded("shutdown of an action", () => action.finishNow()) ?? NOTHING);
};

const NOTHING = (): void => undefined;

function* endEach(spans: readonly Span[]): Generator<number> {
  for (const span of spans) {
    yield 1;
    end(span);
  }
}

const end = (span: Span): void => {
  guarded("shutdown of a span", () => {
    if (!span.isRecording()) return;
    span.end();
    // Who began it does not know, and SDKs log an error for every span that is ended twice.
    span.end = NOTHING;
  });
};

// A span that was adopted began before anybody knew that it would be a run.
const isSeenBy = (processor: SpanSink, run: ManagedRun): boolean =>
  run.processor === processor ||
  (run.origin === "adopted" &&
    guarded("shutdown of a run", () => isOpenOf(processor, run.span)) === true);

const isOpenOf = (processor: SpanSink, span: Span): boolean =>
  span.isRecording() && isOfProcessor(processor, span);
