import { type Context, type Link, type SpanContext, SpanStatusCode } from "@opentelemetry/api";
import {
  type ActionResult,
  ATTR_ACTION_COMPLETED_RUN_COUNT,
  ATTR_ACTION_COVERED_RUN_COUNT,
  ATTR_ACTION_FAILED_RUN_COUNT,
  ATTR_ACTION_INTERRUPTED_RUN_COUNT,
  ATTR_ACTION_OTHER_RUN_COUNT,
  ATTR_ACTION_RESULT,
  ATTR_ACTION_UNSETTLED_RUN_COUNT,
  ATTR_ERROR_TYPE,
  ATTR_INTERRUPT_DURATION,
  ATTR_INTERRUPT_RESULT,
  ATTR_LINK_TYPE,
  ATTR_RUN_ID,
} from "../attributes.ts";
import { proofOf } from "../closes/error-proof.ts";
import { guarded } from "../diagnostics.ts";
import { setRun } from "../lifecycle-context.ts";
import { observeAction } from "../lifecycle-observer.ts";
import { endInFront, hasRoom, noteDropped, startOwnSpan } from "../own-span.ts";
import { now } from "../registry.ts";
import { rescueAction } from "../runs/rescue.ts";
import { runsIn } from "../scopes/in-flight.ts";
import { stamp } from "../stamp.ts";
import type { ManagedAction } from "./managed-action.ts";
import {
  coveredFrom,
  type Interrupted,
  interruptedOf,
  MAX_INTERRUPTS,
  MAX_LINKS,
  newestOf,
} from "./tally.ts";
import { inTurns, LOOK_AGAIN_MS } from "./turns.ts";
import { isWaitedFor, observeUnsettled } from "./unsettled.ts";

/** The end of an action under way. */
export interface EndingAction {
  /** Writes the interrupt spans in turns of the event loop, and then ends the span. */
  begin(): void;
  /** Ends the span at once; returns what writes the interrupt spans that are left. */
  endNow(): () => void;
}

/**
 * The end of an action: its interrupt spans and then its own, so that this comes last. They wait for
 * room in the queue of the processor that exports, because runs that end by the thousand fill it.
 */
export const endAction = (
  action: ManagedAction,
  unsettled: boolean,
  ended: () => void,
): EndingAction => {
  const { processor } = action;
  const waiting = action.cover.asks ? unsettledOf(action) : [];
  const spans = [...waiting, ...newestOf(action.tally, MAX_INTERRUPTS - waiting.length)];
  const context = setRun(action.context, undefined);
  const observing = observeUnsettled(action);
  const at = now();
  let isOver = false;
  const finish = (): void => {
    if (isOver) return;
    isOver = true;
    guarded("end of an action", () => endSpan(action, { unsettled, waiting, at }));
    observeAction(action, resultOf(action, unsettled));
    ended();
  };
  const turns = inTurns(spans[Symbol.iterator](), {
    step: (interrupted) =>
      guarded("interrupt span", () => writeInterrupt(action, interrupted, context)),
    done: finish,
    isHeld: () => !hasRoom(processor),
  });
  const endNow = () => {
    observing.finish();
    finish();
    return turns.finish;
  };
  return { begin: turns.begin, endNow };
};

const unsettledOf = (action: ManagedAction): readonly Interrupted[] => {
  if (action.tally.pending === 0) return [];
  const found = new Set<Interrupted["span"]>();
  const waiting: Interrupted[] = [];
  for (const run of runsIn(action.scope)) {
    if (waiting.length === MAX_INTERRUPTS) break;
    if (!isWaitedFor(run, action.cover)) continue;
    const from = coveredFrom(run, action.cover);
    const interrupted = guarded("unsettled run", () => interruptedOf(run, from));
    if (interrupted === undefined) continue;
    // A run inside a run of another scope is met in both.
    if (!found.has(interrupted.span)) waiting.push(interrupted);
    found.add(interrupted.span);
  }
  return waiting;
};

const writeInterrupt = (
  { epoch, processor }: ManagedAction,
  { name, id, span: interrupted, from, to }: Interrupted,
  context: Context,
): void => {
  if (!hasRoom(processor)) noteDropped();
  const end = to ?? now();
  const span = startOwnSpan(
    { processor: undefined },
    {
      name: `interrupt ${name}`,
      attributes: {
        ...(id === undefined ? undefined : { [ATTR_RUN_ID]: id }),
        [ATTR_INTERRUPT_DURATION]: (end - from) / 1000,
        [ATTR_INTERRUPT_RESULT]: to === undefined ? "unsettled" : "stopped",
      },
      options: { startTime: epoch + from, links: [linkTo(interrupted)] },
      context,
    },
  );
  span.end(epoch + end);
};

const linkTo = (context: SpanContext): Link => ({
  context,
  attributes: { [ATTR_LINK_TYPE]: "interrupts" },
});

const resultOf = ({ failure }: ManagedAction, unsettled: boolean): ActionResult => {
  if (failure !== undefined) return "failed";
  return unsettled ? "unsettled" : "completed";
};

interface Ended {
  readonly unsettled: boolean;
  readonly waiting: readonly Interrupted[];
  /** When it was over (ms, monotonic); its span may have waited for room since. */
  readonly at: number;
}

const endSpan = (action: ManagedAction, { unsettled, waiting, at }: Ended): void => {
  const { span, tally, failure, epoch, processor } = action;
  if (!span.isRecording()) return;
  if (failure !== undefined) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    stamp(span, { [ATTR_ERROR_TYPE]: proofOf(failure.error).errorType ?? "_OTHER" });
  }
  stamp(span, {
    [ATTR_ACTION_RESULT]: resultOf(action, unsettled),
    [ATTR_ACTION_COVERED_RUN_COUNT]: tally.covered,
    [ATTR_ACTION_INTERRUPTED_RUN_COUNT]: tally.interrupted,
    [ATTR_ACTION_COMPLETED_RUN_COUNT]: tally.completed,
    [ATTR_ACTION_FAILED_RUN_COUNT]: tally.failed,
    [ATTR_ACTION_OTHER_RUN_COUNT]: tally.other,
    [ATTR_ACTION_UNSETTLED_RUN_COUNT]: tally.pending,
  });
  for (const context of [...tally.first, ...waiting.map((one) => one.span)].slice(0, MAX_LINKS)) {
    span.addLink(linkTo(context));
  }
  guarded("rescue of an action", () => rescueAction(action));
  endInFront(processor, () => {
    if (now() - at < LOOK_AGAIN_MS) span.end();
    else span.end(epoch + at);
  });
};
