import { noteBounded } from "@otel-lifecycle/api/internal";
import type { SpanExporter } from "../sdk-export.ts";
import { type Answer, send } from "./send.ts";

/** A span as it stands in a journal. */
export interface Numbered<T> {
  /** Its number there. */
  readonly n: number;
  /** As the SDK hands it to an exporter. */
  readonly span: T;
}

/** What became of a batch: as it was answered, or given up. */
export type Outcome = Answer | "given_up";

/**
 * Sends what is in one journal, in smaller and smaller batches while they do not arrive, so that one
 * span that cannot be delivered keeps no other from it.
 */
export interface Sender<T> {
  /** How many spans the next batch should have, from 1 on. */
  readonly size: number;
  /**
   * Exports once. `given_up`, after a warning and a count, for one span that is refused alone though
   * the endpoint took others since it was refused first: an endpoint that refuses everything says
   * nothing about a span. Never rejects.
   */
  send(batch: readonly Numbered<T>[]): Promise<Outcome>;
  /** The endpoint has taken something that somebody else sent. */
  succeeded(): void;
}

export interface SenderOptions<T> {
  readonly exporter: SpanExporter<T>;
  /** The most spans that go at a time. */
  readonly batchSize: number;
  /** Does not wait for an answer any more. */
  readonly signal?: AbortSignal | undefined;
}

export const createSender = <T>({ exporter, batchSize, signal }: SenderOptions<T>): Sender<T> => {
  let size = batchSize;
  let taken = 0;
  /** How often something had been taken when a span was first refused. */
  const refusedAt = new Map<number, number>();
  const isGivenUp = (batch: readonly Numbered<T>[]): boolean => {
    const [{ n } = { n: 0 }] = batch;
    return batch.length === 1 && (refusedAt.get(n) ?? taken) < taken;
  };
  const forget = (batch: readonly Numbered<T>[]): void => {
    for (const { n } of batch) refusedAt.delete(n);
  };
  return {
    get size() {
      return size;
    },
    send: async (batch) => {
      const answer = await send(
        exporter,
        batch.map(({ span }) => span),
        signal,
      );
      if (answer === "accepted") {
        taken += 1;
        size = Math.min(size * 2, batchSize);
        forget(batch);
        return answer;
      }
      size = Math.max(batch.length >> 1, 1);
      if (answer === "failed") return answer;
      if (isGivenUp(batch)) {
        forget(batch);
        noteBounded("refused span", "the endpoint takes others, but not it.");
        return "given_up";
      }
      for (const { n } of batch) if (!refusedAt.has(n)) refusedAt.set(n, taken);
      return answer;
    },
    succeeded: () => {
      taken += 1;
    },
  };
};
