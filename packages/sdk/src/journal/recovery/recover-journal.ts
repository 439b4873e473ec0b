import type { Attributes } from "@opentelemetry/api";
import { reportFailure } from "@otel-lifecycle/api/internal";
import { removeRecovered } from "../folder/take-over.ts";
import type { SpanExporter } from "../sdk-export.ts";
import { createSender, type Numbered } from "../sending/sender.ts";
import { openAcknowledgements } from "./acknowledgements.ts";
import type { JournalAction } from "./closing.ts";
import { exportBatch } from "./export-batch.ts";
import { observeEnd, settleFate } from "./fate.ts";
import { type IncidentOutlet, openIncidentOutlet } from "./incident-outlet.ts";
import { createJudge, type Judge } from "./judge-spans.ts";
import { lossOf } from "./loss.ts";
import { createPace, nextTurn } from "./pace.ts";
import { type JournalIndex, readIndex } from "./read-index.ts";
import { isSampled, type RebuiltSpan } from "./rebuilt-span.ts";
import type { RecordedSpan } from "./recorded-span.ts";
import type { RecoveryOptions } from "./recovery.ts";
import { createSpanReader, type SpanReader } from "./span-reader.ts";
import type { Tally } from "./tally.ts";
import { type WorkList, workListOf } from "./work-list.ts";

/** What a recovery does with each journal. */
export interface JournalTerms<T> {
  readonly exporter: SpanExporter<T>;
  readonly options: RecoveryOptions;
  readonly tally: Tally;
}

/**
 * Exports what a journal that was taken over holds, and removes it then. True once that is done;
 * false where something is left, for the next recovery. Never rejects.
 */
export const recoverJournal = async <T>(path: string, terms: JournalTerms<T>): Promise<boolean> => {
  try {
    const index = await readIndex(path);
    if (index === undefined) {
      terms.tally.left.newer_version += 1;
      return false;
    }
    terms.tally.damaged += index.damaged;
    const isDone = await exportAll(path, index, terms);
    if (isDone) await removeRecovered(path);
    return isDone;
  } catch (error) {
    reportFailure("recovery of a journal", error);
    terms.tally.left.failed += 1;
    return false;
  }
};

const exportAll = async <T>(
  path: string,
  index: JournalIndex,
  terms: JournalTerms<T>,
): Promise<boolean> => {
  const { segments, spans, sources } = index;
  const { tally } = terms;
  const { lastSign, loss } = await circumstancesOf(path, index, terms);
  const work = workListOf(spans);
  tally.spans += work.count;
  const reader = createSpanReader(segments, spans);
  try {
    const actions = await coversIn(reader, work.covers);
    const hasIncidents = index.header?.incidents === true;
    const context = { actions, lastSign };
    const incidents = await openIncidentOutlet(hasIncidents, context, terms.options);
    const incidentOf = incidents.attributesOf;
    const judge = createJudge({ sources, actions, lastSign, loss, incidentOf });
    return await exportEach({ path, index, work, reader, judge, incidents }, terms);
  } finally {
    tally.damaged += reader.damaged;
    await reader.close();
  }
};

const circumstancesOf = async <T>(
  path: string,
  { header }: JournalIndex,
  { options }: JournalTerms<T>,
): Promise<{ readonly lastSign: number; readonly loss: Attributes }> => {
  const { boot, cgroup, pid } = header ?? {};
  // Where one process is named, what it had taken over comes with it, and died otherwise.
  const exit = options.pid === undefined || options.pid === pid ? options.exit : undefined;
  const fate = await settleFate(path, () => observeEnd(exit, cgroup));
  const before = { ...(boot === undefined ? undefined : { boot }), ...(cgroup && { cgroup }) };
  return { lastSign: fate.lastSign, loss: lossOf({ exit: fate.exit, before, after: fate }) };
};

const COVERS_AT_ONCE = 512;

const coversIn = async (
  reader: SpanReader,
  slots: readonly number[],
): Promise<readonly JournalAction[]> => {
  // One may stand there twice, when its span is exported and its cover lasts.
  const actions = new Map<string, JournalAction>();
  for (let from = 0; from < slots.length; from += COVERS_AT_ONCE) {
    for (const span of await reader.read(slots.slice(from, from + COVERS_AT_ONCE))) {
      const action = span && actionOf(span);
      if (action !== undefined && !actions.has(action.id)) actions.set(action.id, action);
    }
  }
  return [...actions.values()];
};

const actionOf = (span: RecordedSpan): JournalAction | undefined => {
  if (span.type !== "open_action" && span.type !== "ended") return undefined;
  return span.action && { ...span.action, start: span.start };
};

interface JournalWork {
  readonly path: string;
  readonly index: JournalIndex;
  readonly work: WorkList;
  readonly reader: SpanReader;
  readonly judge: Judge;
  readonly incidents: IncidentOutlet;
}

const exportEach = async <T>(
  { path, index, work, reader, judge, incidents }: JournalWork,
  { exporter, options, tally }: JournalTerms<T>,
): Promise<boolean> => {
  const { batchSize = 512, maxAttempts = Number.POSITIVE_INFINITY, signal } = options;
  const acknowledgements = await openAcknowledgements(path);
  const sender = createSender({ exporter: takenBy(exporter), batchSize, signal });
  let isDone = true;
  try {
    for (const slots of work.batches(batchSize)) {
      const spans = await reader.read(slots);
      const batch = await rebuilt(slots, spans, { index, work, judge });
      await incidents.tell(batch.unsampled);
      await acknowledgements.add(batch.unsampled);
      // Exporters serialise a batch in one piece.
      if (batch.spans.length > 0) await nextTurn();
      const became = await exportBatch(sender, batch.spans, {
        maxAttempts,
        signal,
        settled: async (numbers, outcome) => {
          // Told before, because nobody comes back to what is acknowledged.
          await incidents.tell(numbers);
          await acknowledgements.add(numbers);
          count(tally, batch, numbers, outcome);
        },
      });
      if (became === "stopped") return false;
      isDone &&= became === "done";
    }
    return isDone;
  } finally {
    await acknowledgements.close();
  }
};

const count = (
  tally: Tally,
  { lost }: Batch,
  numbers: readonly number[],
  outcome: "accepted" | "given_up",
): void => {
  if (outcome === "given_up") tally.refused += numbers.length;
  else {
    tally.exported += numbers.length;
    tally.lost += numbers.filter((n) => lost.has(n)).length;
  }
  tally.report();
};

// They have the form of the SDK's spans, whichever line it is.
const takenBy = <T>(exporter: SpanExporter<T>): SpanExporter<RebuiltSpan> =>
  exporter as unknown as SpanExporter<RebuiltSpan>;

interface Batch {
  readonly spans: Numbered<RebuiltSpan>[];
  /** Those that are not to be exported, and done with. */
  readonly unsampled: number[];
  /** Runs among the spans that had been open. */
  readonly lost: Set<number>;
}

const rebuilt = async (
  slots: readonly number[],
  spans: readonly (RecordedSpan | undefined)[],
  { index, work, judge }: Pick<JournalWork, "index" | "work" | "judge">,
): Promise<Batch> => {
  const batch: Batch = { spans: [], unsampled: [], lost: new Set() };
  const pace = createPace();
  for (const [at, slot] of slots.entries()) {
    const span = spans[at];
    if (span === undefined) continue;
    if (work.isToExport(slot)) addTo(batch, index.spans.numberAt(slot), { span, judge });
    else judge.count(span);
    const rest = pace.rest();
    if (rest !== undefined) await rest;
  }
  return batch;
};

const addTo = (
  batch: Batch,
  n: number,
  { span: recorded, judge }: { readonly span: RecordedSpan; readonly judge: Judge },
): void => {
  const span = judge.rebuild(recorded, n);
  if (!isSampled(span)) return void batch.unsampled.push(n);
  batch.spans.push({ n, span });
  if (recorded.type === "open_run") batch.lost.add(n);
};
