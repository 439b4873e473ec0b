/** Calls a function for each item, at most `most` of them at once. Rejects with the first failure, and begins none after it. */
export async function eachAtMost<Item>(
  most: number,
  items: readonly Item[],
  call: (item: Item) => Promise<void>,
): Promise<void> {
  // One iterator for all lanes: each takes the next item when it is free.
  const rest = items.values();
  let isFailed = false;
  async function lane(): Promise<void> {
    for (const item of rest) {
      if (isFailed) return;
      try {
        await call(item);
      } catch (error) {
        isFailed = true;
        throw error;
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, lane));
}
