import type { Attributes } from "@opentelemetry/api";
import { ATTR_SAMPLING_RESCUED } from "@otel-lifecycle/api";
import type { EndBody, TimeBody } from "../format/bodies.ts";
import { type Closing, closingOf, type JournalAction } from "./closing.ts";
import {
  lostRun,
  MAX_LINKS,
  openAction,
  SETTLED_RUN,
  type Unsettled,
  yieldedRoot,
} from "./lost-spans.ts";
import { type Addition, type RebuiltSpan, rebuiltSpan } from "./rebuilt-span.ts";
import type { OpenRun, RecordedSpan } from "./recorded-span.ts";
import type { Sources } from "./sources.ts";
import { isCoveredBy, verdictOn } from "./verdict.ts";

/** What is known of a journal's process besides its spans. */
export interface Circumstances {
  readonly sources: Sources;
  readonly actions: readonly JournalAction[];
  /** In ms since the epoch. */
  readonly lastSign: number;
  /** What is known of the loss, for each lost run. */
  readonly loss: Attributes;
  /** What an incident adds to a lost run. */
  readonly incidentOf: (lost: LostRun) => Attributes | undefined;
}

export interface LostRun {
  /** Its number in the journal. */
  readonly n: number;
  readonly start: OpenRunSpan["start"];
  readonly run: OpenRun;
  readonly closing: Closing;
}

type OpenRunSpan = Extract<RecordedSpan, { type: "open_run" }>;

/** Rebuilds the spans of one journal; runs before the actions that were open, which they are counted for. */
export interface Judge {
  rebuild(span: RecordedSpan, n: number): RebuiltSpan;
  /** Counts a run for its actions that was exported before. */
  count(span: RecordedSpan): void;
}

export const createJudge = (circumstances: Circumstances): Judge => {
  const { sources, actions, lastSign, loss } = circumstances;
  const end: EndBody = { et: timeOf(lastSign) };
  const unsettled = new Map<string, Unsettled>();
  const judged = ({ start, run }: OpenRunSpan): Closing => {
    const verdict = verdictOn(run, actions);
    for (const action of actions) {
      if (!isCoveredBy(run.r, action)) continue;
      const left = unsettled.get(action.id) ?? { count: 0, first: [] };
      left.count += 1;
      const isCloser = verdict.type === "cover" && verdict.cover === action;
      if (isCloser && left.first.length < MAX_LINKS) left.first.push(start);
      unsettled.set(action.id, left);
    }
    return closingOf(verdict, actions);
  };
  // Of most runs nothing is known but that they were open, and the same is added to all of those: to
  // put it together again for each would be a quarter of the time that a rebuilt span takes.
  let unexplained: Addition | undefined;
  const additionTo = (lost: LostRun): Addition => {
    const { start, run, closing } = lost;
    const incident = circumstances.incidentOf(lost);
    const isExplained = closing.class !== "process_lost" || incident !== undefined;
    const hasOwn = run.r.a !== undefined || start.a[ATTR_SAMPLING_RESCUED] !== undefined;
    if (isExplained || hasOwn) return lostRun(lost, closing, { ...loss, ...incident });
    return (unexplained ??= lostRun(lost, closing, loss));
  };
  return {
    count: (span) => {
      if (span.type === "open_run") judged(span);
    },
    rebuild: (span, n) => {
      switch (span.type) {
        case "finished":
          return rebuiltSpan(sources.get(span.body.src), span.body, span.body);
        case "ended":
          return rebuiltSpan(sources.get(span.start.src), span.start, span.end);
        case "settled": {
          const settled = { ...span.settled, et: end.et };
          return rebuiltSpan(sources.get(span.start.src), span.start, settled, SETTLED_RUN);
        }
        case "yielded": {
          const added = yieldedRoot(closingOf(verdictOn(span.run, actions), actions));
          return rebuiltSpan(sources.get(span.start.src), span.start, end, added);
        }
        case "open_run": {
          const lost = { n, start: span.start, run: span.run, closing: judged(span) };
          return rebuiltSpan(sources.get(span.start.src), span.start, end, additionTo(lost));
        }
        case "open_action": {
          const left = unsettled.get(span.action.id) ?? { count: 0, first: [] };
          const added = openAction(span.start, left);
          return rebuiltSpan(sources.get(span.start.src), span.start, end, added);
        }
      }
    },
  };
};

const timeOf = (ms: number): TimeBody => [Math.floor(ms / 1000), (ms % 1000) * 1_000_000];
