import { collectGarbage } from "../garbage.ts";
import type { Pipeline } from "../pipeline.ts";

/** Something that is begun and stays open until it is ended. */
export interface Openable<T> {
  begin(): T;
  end(open: T): void;
}

/** How much of the heap one of them holds while it is open, in bytes. */
export const bytesOfOne = async <T>(
  { begin, end }: Openable<T>,
  pipeline: Pipeline,
  count: number,
): Promise<number> => {
  const open = new Array<T | undefined>(count).fill(undefined);
  const before = heapUsed();
  for (let index = 0; index < count; index += 1) open[index] = begin();
  const held = heapUsed() - before;
  for (const one of open) if (one !== undefined) end(one);
  await pipeline.flush();
  return held / count;
};

const heapUsed = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};
