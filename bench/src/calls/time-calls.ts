import type { Pipeline } from "../pipeline.ts";
import type { CallSizes } from "../sizes.ts";

/** One call after the other; gives what one took, in us. */
export const timeCalls = async (
  call: () => unknown,
  pipeline: Pipeline,
  { batches, perBatch }: CallSizes,
): Promise<number> => {
  let elapsed = 0;
  for (let batch = 0; batch < batches; batch += 1) {
    const begin = performance.now();
    for (let count = 0; count < perBatch; count += 1) call();
    elapsed += performance.now() - begin;
    // Between the batches, so that none is dropped: a dropped span would cost less.
    await pipeline.flush();
  }
  return (elapsed * 1000) / (batches * perBatch);
};

/** The same for calls that give promises: each is awaited before the next one. */
export const timeAsyncCalls = async (
  call: () => Promise<unknown>,
  pipeline: Pipeline,
  { batches, perBatch }: CallSizes,
): Promise<number> => {
  let elapsed = 0;
  for (let batch = 0; batch < batches; batch += 1) {
    const begin = performance.now();
    for (let count = 0; count < perBatch; count += 1) await call();
    elapsed += performance.now() - begin;
    await pipeline.flush();
  }
  return (elapsed * 1000) / (batches * perBatch);
};
