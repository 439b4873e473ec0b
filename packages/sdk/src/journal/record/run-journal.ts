import { type Span, TraceFlags } from "@opentelemetry/api";
import { ATTR_INTERRUPT_RESULT, ATTR_RUN_RESULT, ATTR_SAMPLING_RESCUED } from "@otel-lifecycle/api";
import {
  getSpanState,
  type ManagedAction,
  type ManagedRun,
  type RunJournal,
  registry,
  reportFailure,
} from "@otel-lifecycle/api/internal";
import type { LifecycleSpanProcessor } from "../../lifecycle-span-processor.ts";
import { isOfProcessor } from "../../position.ts";
import type { JournalLog } from "../log/journal-log.ts";
import { actionBody, causeText, runText } from "./body-text.ts";
import { createCoversAlone } from "./covers-alone.ts";
import { Entry, entryOf, setEntry } from "./entry.ts";
import type { Header } from "./header.ts";
import type { Queues } from "./queues.ts";
import { readable, type SdkSpanForm } from "./sdk-span.ts";
import type { SecondWay } from "./second-way.ts";
import type { Sources } from "./sources.ts";
import { changesText, startText, timeText } from "./span-text.ts";
import { takeDown } from "./whole-span.ts";

/** What a journal of runs writes to, and about whose spans. */
export interface RunJournalParts {
  readonly log: JournalLog;
  readonly sources: Sources;
  readonly header: Header;
  readonly queues: Queues;
  readonly processor: LifecycleSpanProcessor;
  readonly secondWay: SecondWay;
}

/** Pieces of evidence that are written of one run: four times what a run keeps of them. */
const MAX_NOTES = 256;

/** Takes down the runs and actions whose spans the processor sees. */
export const createRunJournal = (parts: RunJournalParts): RunJournal => {
  const { log, sources, header, queues, processor, secondWay } = parts;

  const alone = createCoversAlone(log);

  /** False where the span is none that the journal exports. */
  const begin = (span: Span, bodyText: (form: SdkSpanForm) => string, isCover = false): boolean => {
    const form = readable(span);
    if (form === undefined || !isKept(form)) return false;
    const source = sources.of(form);
    if (source === undefined) return false;
    const known = entryOf(span, log);
    const text = `${startText(form, source)}${bodyText(form)}}`;
    if (known === undefined) {
      const n = log.next();
      if (log.begin("B", n, text, isCover)) setEntry(span, new Entry(log, n, form));
      return true;
    }
    // The span was one of a run before.
    log.append("B", known.n, text);
    // From here on its end is told as what differs from now.
    setEntry(span, new Entry(log, known.n, form));
    return true;
  };

  const append = (span: object, type: "C" | "V" | "Y" | "U" | "D", text: string): void => {
    const entry = entryOf(span, log);
    if (entry !== undefined && !entry.hasEnded) log.append(type, entry.n, text);
  };

  const isOurs = (run: ManagedRun): boolean => {
    // A run inside another one on the same span is part of that.
    if (getSpanState(run.span) !== run) return false;
    if (run.processor !== undefined) return run.processor === processor;
    return run.origin === "adopted" && run.span.isRecording() && isOfProcessor(processor, run.span);
  };

  const end = (span: object, entry: Entry): void => {
    // One that has an entry was read before.
    const form = span as SdkSpanForm;
    if (!isSampled(form)) {
      // Recorded only, and nobody rescued it: it is not exported.
      log.retire([entry.n]);
      setEntry(span, undefined);
      return;
    }
    log.append("E", entry.n, `{"et":${timeText(form.endTime)}${changesText(form, entry)}}`);
    entry.hasEnded = true;
    log.ended(entry.n, form.attributes[ATTR_RUN_RESULT] === "completed" ? "completed" : "other");
  };

  return {
    runBegan(run) {
      if (!isOurs(run)) return;
      if (registry.recorder !== undefined) header.recordsIncidents();
      begin(run.span, (form) => runText(run, form));
    },
    runYielded: (run) => append(run.span, "Y", `{"q":${run.began}}`),
    initiated(run, cause) {
      // Only the earliest counts, and asking again and again is not to fill the disk.
      if (run.cause !== cause || getSpanState(run.span) !== run) return;
      append(run.span, "C", causeText(cause));
    },
    runSettled(run) {
      const entry = entryOf(run.span, log);
      if (entry === undefined || entry.hasEnded || getSpanState(run.span) !== run) return;
      const form = readable(run.span);
      if (form === undefined) return;
      log.append("U", entry.n, `{"q":${run.began}${changesText(form, entry)}}`);
    },
    actionBegan(action) {
      const isExported =
        action.processor === processor &&
        begin(action.span, () => `,"c":${JSON.stringify(actionBody(action))}`, true);
      if (!isExported) alone.began(action);
    },
    actionDone(action) {
      if (alone.done(action)) return;
      const { isFinal, owner } = action.cover;
      if (isFinal) return lasts(action);
      append(
        action.span,
        "D",
        `{"q":${registry.sequence}${owner === undefined ? ',"o":true' : ""}}`,
      );
    },
    noted(run, evidence) {
      const entry = entryOf(run.span, log);
      if (entry === undefined || entry.hasEnded || run.close !== undefined) return;
      entry.notes += 1;
      if (entry.notes <= MAX_NOTES) log.append("V", entry.n, JSON.stringify(evidence));
    },
    spanEnded(span, by) {
      if (by !== processor) return;
      queues.learnFrom(span);
      const entry = entryOf(span, log);
      if (entry !== undefined) endSafely(span, entry);
      else if ((span as Partial<SdkSpanForm>).attributes?.[ATTR_INTERRUPT_RESULT] !== undefined) {
        takeDown(parts, span);
      } else return;
      // The queue is told next, and what is full now drops it then.
      if (processor.room() < 1) secondWay.dropped(span);
    },
  };

  // A final cover closes what begins after its action's span has been sent, too.
  function lasts({ span }: ManagedAction): void {
    const entry = entryOf(span, log);
    if (entry === undefined) return;
    append(span, "D", `{"q":${registry.sequence},"final":true}`);
    log.keep(entry.n);
  }

  function endSafely(span: object, entry: Entry): void {
    if (entry.hasEnded) return;
    try {
      end(span, entry);
    } catch (error) {
      // Its beginning alone would say that it was lost.
      log.retire([entry.n]);
      setEntry(span, undefined);
      reportFailure("journal", error);
    }
  }
};

const isSampled = (span: SdkSpanForm): boolean =>
  (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;

// What our sampler turned to be recorded may be exported after all.
const isKept = (span: SdkSpanForm): boolean =>
  isSampled(span) || span.attributes[ATTR_SAMPLING_RESCUED] !== undefined;
