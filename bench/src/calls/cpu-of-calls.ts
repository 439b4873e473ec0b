import type { Pipeline } from "../pipeline.ts";
import type { CallSizes } from "../sizes.ts";

/** A call that is made again and again, and the pipeline that takes its spans. */
export interface Workload<T = unknown> {
  readonly call: () => T;
  readonly pipeline: Pipeline;
}

/** One call after the other; gives the CPU time that one took, in us. */
export const cpuOfCalls = async (
  { call, pipeline }: Workload,
  { batches, perBatch }: CallSizes,
): Promise<number> => {
  let cpu = 0;
  for (let batch = 0; batch < batches; batch += 1) {
    const before = process.cpuUsage();
    for (let count = 0; count < perBatch; count += 1) call();
    cpu += cpuSince(before);
    // Between the batches, so that none is dropped: a dropped span would cost less.
    await pipeline.flush();
  }
  return cpu / (batches * perBatch);
};

/** The same for calls that give promises: each is awaited before the next one. */
export const cpuOfAsyncCalls = async (
  { call, pipeline }: Workload<Promise<unknown>>,
  { batches, perBatch }: CallSizes,
): Promise<number> => {
  let cpu = 0;
  for (let batch = 0; batch < batches; batch += 1) {
    const before = process.cpuUsage();
    for (let count = 0; count < perBatch; count += 1) await call();
    cpu += cpuSince(before);
    await pipeline.flush();
  }
  return cpu / (batches * perBatch);
};

// Not the clock's time, because others on the machine have no part in this one; the collector's
// threads have.
const cpuSince = (before: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(before);
  return user + system;
};
