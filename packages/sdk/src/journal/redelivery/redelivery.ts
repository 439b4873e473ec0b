import { reportFailure } from "@otel-lifecycle/api/internal";
import type { SpanExporter } from "../sdk-export.ts";
import { createSender, type Numbered, type Outcome } from "../sending/sender.ts";
import { createHands, type Hands } from "./hands.ts";
import { createPauses, type Pauses } from "./pauses.ts";
import type { Reader } from "./reader.ts";

/**
 * The second way of an ended span while the process lives, from the journal: for those that the
 * ordinary way has failed to deliver or never took. One batch at a time, and none is sent by both.
 * Nothing of it throws or holds the process.
 */
export interface Redelivery {
  /** True if it admits every span to the ordinary way, so that there is nothing to ask. */
  readonly admitsAll: boolean;
  /** True if the ordinary way may send span `n`; false if it is on its way from here, or was delivered. */
  admits(n: number): boolean;
  /** The ordinary way never took this one. */
  dropped(n: number): void;
  /** It has failed to deliver these. */
  failed(numbers: readonly number[]): void;
  /** It has delivered something: the endpoint takes what it is sent. */
  succeeded(): void;
  /** Begins nothing any more. */
  stop(): void;
}

export interface RedeliveryOptions<T> {
  readonly exporter: SpanExporter<T>;
  /** Begins to read these spans back. */
  readonly read: (wanted: ReadonlySet<number>) => Reader<T>;
  /** They are done with. */
  readonly retire: (numbers: readonly number[]) => void;
}

export const createRedelivery = <T>(options: RedeliveryOptions<T>): Redelivery => {
  const hands = createHands();
  const pass = createPass(options, hands);
  let isBusy = false;
  const step = (): void => {
    if (isBusy || hands.stranded.size === 0) return;
    isBusy = true;
    void pass
      .step()
      .catch((error) => reportFailure("redelivery", error))
      .finally(() => {
        isBusy = false;
        if (pass.isTaken) pauses.quicken();
        else pauses.slacken();
      });
  };
  const pauses: Pauses = createPauses(step);
  return {
    get admitsAll() {
      return hands.areEmpty;
    },
    admits: hands.admit,
    dropped: hands.strand,
    failed: (numbers) => {
      for (const n of numbers) hands.strand(n);
      pauses.slacken();
    },
    succeeded: () => {
      pass.succeeded();
      if (hands.stranded.size > 0) pauses.quicken();
    },
    stop: pauses.stop,
  };
};

/** What goes over the journal, batch by batch, again and again while something is stranded. */
interface Pass {
  /** One batch, unless there is none. */
  step(): Promise<void>;
  /** Something was delivered. */
  succeeded(): void;
  /** True unless the endpoint took nothing of late. */
  readonly isTaken: boolean;
}

const createPass = <T>({ exporter, read, retire }: RedeliveryOptions<T>, hands: Hands): Pass => {
  let reader: Reader<T> | undefined;
  let isTaken = true;
  const sender = createSender({ exporter, batchSize: MAX_BATCH });
  const settle = (taken: readonly number[], outcome: Outcome): void => {
    if (outcome === "accepted" || outcome === "given_up") {
      isTaken = true;
      hands.deliver(taken);
      retire(taken);
      return;
    }
    hands.putBack(taken);
    isTaken = outcome === "refused" && taken.length > 1 && isTaken;
  };
  const next = async (): Promise<readonly Numbered<T>[]> => {
    const known = reader !== undefined;
    reader ??= read(new Set(hands.stranded));
    const found = await reader.next(sender.size);
    if (found.length > 0) return found;
    // Not in the journal any more: its limit was reached, or its records are damaged.
    hands.forget(reader.missing);
    reader = undefined;
    return known && hands.stranded.size > 0 ? next() : found;
  };
  return {
    succeeded: () => {
      isTaken = true;
      sender.succeeded();
    },
    get isTaken() {
      return isTaken;
    },
    step: async () => {
      const found = await next();
      const taken = new Set(hands.take(found.map(({ n }) => n)));
      const batch = found.filter(({ n }) => taken.has(n));
      if (batch.length > 0) settle([...taken], await sender.send(batch));
    },
  };
};

const MAX_BATCH = 512;
