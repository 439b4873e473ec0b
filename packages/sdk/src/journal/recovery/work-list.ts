import { ACKNOWLEDGED, ACTION, BEGAN, ENDED, FINAL, type SpanIndex, TAKEN } from "./span-index.ts";

/** The slots of a journal's spans that something is to be done with. */
export interface WorkList {
  /** Actions whose cover may have closed a run. */
  readonly covers: readonly number[];
  /** In which order what is left is read: the actions that were open last, once it is known what they closed. */
  batches(limit: number): Generator<readonly number[]>;
  /** How many of them are to be exported. */
  readonly count: number;
  isToExport(slot: number): boolean;
}

export const workListOf = (spans: SpanIndex): WorkList => {
  const covers: number[] = [];
  let count = 0;
  for (let slot = 0; slot < spans.size; slot += 1) {
    const facts = spans.factsAt(slot);
    if (isCover(facts)) covers.push(slot);
    if (isLeft(facts)) count += 1;
  }
  // Runs that were exported before count for their actions all the same.
  const isWanted = (facts: number): boolean =>
    isLeft(facts) || (covers.length > 0 && isOpen(facts));
  const inOrder = function* (): Generator<number> {
    for (const wantsAction of [false, true]) {
      for (let slot = 0; slot < spans.size; slot += 1) {
        const facts = spans.factsAt(slot);
        if (isWanted(facts) && isOpenAction(facts) === wantsAction) yield slot;
      }
    }
  };
  return {
    covers,
    count,
    isToExport: (slot) => isLeft(spans.factsAt(slot)),
    batches: function* (limit) {
      let batch: number[] = [];
      let bytes = 0;
      for (const slot of inOrder()) {
        const length = bytesOf(spans, slot);
        const isFirstAction = batch.length > 0 && isOpenAction(spans.factsAt(slot));
        const isFull = batch.length === limit || bytes + length > MAX_BATCH_BYTES;
        if (batch.length > 0 && (isFull || (isFirstAction && !isAction(spans, batch)))) {
          yield batch;
          batch = [];
          bytes = 0;
        }
        batch.push(slot);
        bytes += length;
      }
      if (batch.length > 0) yield batch;
    },
  };
};

/** A batch's records together: what is behind it takes some 4 to 20 MiB in a request. */
const MAX_BATCH_BYTES = 2 * 1024 * 1024;

const isAction = (spans: SpanIndex, [first = 0]: readonly number[]): boolean =>
  isOpenAction(spans.factsAt(first));

const bytesOf = (spans: SpanIndex, slot: number): number => {
  let bytes = 0;
  spans.eachPlace(slot, ({ length }) => {
    bytes += length;
  });
  return bytes;
};

const isLeft = (facts: number): boolean => (facts & (BEGAN | ACKNOWLEDGED | TAKEN)) === BEGAN;
const isOpen = (facts: number): boolean => (facts & (BEGAN | ENDED | ACKNOWLEDGED)) === BEGAN;
const isOpenAction = (facts: number): boolean => isOpen(facts) && (facts & ACTION) !== 0;
// A final one closes what was open though its own span was sent.
const isCover = (facts: number): boolean =>
  isOpenAction(facts) || (facts & (FINAL | BEGAN)) === (FINAL | BEGAN);
