import type { Numbered, Sender } from "../sending/sender.ts";

/** How a batch is exported. */
export interface ExportTerms {
  readonly maxAttempts: number;
  readonly signal: AbortSignal | undefined;
  /** Told of what was acknowledged, and of what was given up. Not to reject. */
  readonly settled: (numbers: readonly number[], outcome: "accepted" | "given_up") => Promise<void>;
}

/**
 * Exports a batch, again and again in growing intervals while nothing of it arrives. `done` once all
 * of it was settled; `left` if it was but for one span, which is left for the next recovery because
 * it fails though the others arrived, or is refused and there are no others; `stopped` once nothing arrived as often as that may be, or the
 * signal was aborted. Never rejects.
 */
export const exportBatch = async <T>(
  sender: Sender<T>,
  batch: readonly Numbered<T>[],
  { maxAttempts, signal, settled }: ExportTerms,
): Promise<"done" | "left" | "stopped"> => {
  let waiting = [...batch];
  let failures = 0;
  while (waiting.length > 0) {
    if (signal?.aborted === true) return "stopped";
    const some = waiting.slice(0, sender.size);
    const outcome = await sender.send(some);
    if (outcome === "accepted" || outcome === "given_up") {
      failures = 0;
      waiting = waiting.slice(some.length);
      const numbers = some.map(({ n }) => n);
      await settled(numbers, outcome);
      continue;
    }
    // Behind the others, which may arrive.
    waiting = [...waiting.slice(some.length), ...some];
    if (outcome === "refused" && some.length > 1) continue;
    failures += 1;
    if (failures >= maxAttempts) return "stopped";
    // An endpoint that is down holds all up alike; one that refuses one span may take the next batch.
    const isItsOwn = waiting.length === 1 && (outcome === "refused" || batch.length > 1);
    if (isItsOwn && failures >= MAX_ALONE) return "left";
    await pause(pauseMs(failures), signal);
  }
  return "done";
};

/** How often the last of a batch is tried: 15 s, within which most that hinders an endpoint passes. */
const MAX_ALONE = 5;

/** From 1 s to 60 s, twice as long each time, less up to a quarter so that many do not come at once. */
const pauseMs = (attempt: number): number =>
  Math.min(1000 * 2 ** (attempt - 1), 60_000) * (1 - Math.random() / 4);

const pause = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const go = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", go);
      resolve();
    };
    // The process may end meanwhile: what is left is left for the next one.
    const timer = setTimeout(go, ms);
    timer.unref();
    signal?.addEventListener("abort", go, { once: true });
  });
