/** Maps `items` through `job`, at most `size` at a time; the results are in the items' order. */
export const inPool = async <T, R>(
  items: readonly T[],
  size: number,
  job: (item: T) => Promise<R>,
): Promise<readonly R[]> => {
  const results = new Array<R>(items.length);
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) results[index] = await job(item);
  };
  await Promise.all(Array.from({ length: size }, work));
  return results;
};
