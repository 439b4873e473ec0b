/** By id, so that a difference names what it is about. An id that is there twice differs too. */
export const byId = <T extends { readonly id: string }>(items: readonly T[]): Record<string, T> => {
  const found: Record<string, T> = {};
  for (const item of items) {
    found[item.id in found ? `${item.id} (once more)` : item.id] = item;
  }
  return found;
};
