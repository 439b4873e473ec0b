import type { EvidenceFacts } from "@otel-lifecycle/api";
import type { Evidence, Omitted } from "../evidence.ts";
import type { OwnEvidence } from "../sanitise/own-evidence.ts";
import { safeEvidence } from "../sanitise/safe-evidence.ts";
import { createReading } from "./reading.ts";
import { createRepeats } from "./repeats.ts";
import { createRetention, type Kept } from "./retention.ts";

/** The bounded, append-only evidence of one run. */
export interface EvidenceLog {
  /** Takes a fact down as the application gave it: sanitised at once, repeats counted. Never throws. */
  note(type: string, facts: EvidenceFacts | undefined): void;
  /** Takes down what comes from elsewhere in the form in which it is kept: sanitised again. */
  put(evidence: Evidence): void;
  /** Takes down what this project itself knows. */
  add(evidence: OwnEvidence): void;
  /** What is kept, in order. */
  evidence(): readonly Evidence[];
  omitted(): Omitted;
}

/** Where the log takes its orders and times from. */
export interface LogClock {
  /** The next number of the thread's counter. */
  readonly order: () => number;
  /** Ms on the monotonic clock. */
  readonly now: () => number;
}

/** How many records are kept while a run goes on. */
const MAX_IN_MEMORY = 64;

/**
 * The log of a run. `onKept` is called with each piece that is kept anew, as it was then: not for
 * repeats.
 */
export const createEvidenceLog = (
  clock: LogClock,
  onKept?: (evidence: Evidence) => void,
): EvidenceLog => {
  const retention = createRetention(MAX_IN_MEMORY);
  const repeats = createRepeats();
  const reading = createReading();
  // A repeat takes no number of the counter.
  const append = (record: Evidence, order: () => number | undefined): Kept => {
    const known = repeats.same(record);
    if (known !== undefined) {
      const last = latest(known.record, record);
      const { order, at } = record;
      // A cause that stood before it was first seen: that it was initiated is what counts.
      if (order !== undefined && order < (known.record.order ?? 0)) {
        retention.moveTo(known, { order, at });
      }
      countAgain(known, record.count, last);
      nameWithheld(known, record.redactions);
      return known;
    }
    const place = order();
    const kept = retention.add(place === undefined ? record : { ...record, order: place });
    repeats.remember(record, kept);
    onKept?.(kept.record);
    return kept;
  };
  return {
    note(type, facts) {
      const known = repeats.given(type, facts);
      if (known !== undefined) return countAgain(known, 1, clock.now());
      const { record, given, changes } = reading.read(type, facts);
      if (changes) repeats.forgetGiven();
      const kept = append({ ...record, at: clock.now() }, clock.order);
      if (!changes && record.redactions.length === 0) repeats.rememberGiven(type, given, kept);
    },
    put(evidence) {
      const safe = safeEvidence(evidence);
      if (safe === undefined) return;
      reading.seen(safe);
      append(safe, () => safe.order);
    },
    add: (evidence) => void append(evidence, () => evidence.order),
    evidence: retention.evidence,
    omitted: retention.omitted,
  };
};

const countAgain = ({ record }: Kept, count: number, at: number | undefined): void => {
  record.count += count;
  if (at !== undefined) record.lastAt = at;
};

const latest = (...records: readonly Evidence[]): number | undefined => {
  const last = Math.max(
    ...records.map(({ at, lastAt }) => lastAt ?? at ?? Number.NEGATIVE_INFINITY),
  );
  return Number.isFinite(last) ? last : undefined;
};

/** A repeat of which something else was withheld. */
const nameWithheld = ({ record }: Kept, redactions: readonly string[]): void => {
  if (redactions.every((field) => record.redactions.includes(field))) return;
  record.redactions = [...new Set([...record.redactions, ...redactions])].sort();
};
