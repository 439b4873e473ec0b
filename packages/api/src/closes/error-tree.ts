/** How many errors of one tree are looked at, so that cyclic causes end. */
const MAX_ERRORS = 16;

/** An error and its causes, outermost first; never throws, whatever it is given. */
export const errorsOf = (error: unknown): readonly object[] => {
  const found: object[] = [];
  const waiting: unknown[] = [error];
  while (waiting.length > 0 && found.length < MAX_ERRORS) {
    const next = waiting.shift();
    if (typeof next !== "object" || next === null || found.includes(next)) continue;
    found.push(next);
    waiting.push(read(() => (next as { cause?: unknown }).cause));
    waiting.push(...(read(() => aggregated(next as { errors?: unknown })) ?? []));
  }
  return found;
};

const aggregated = ({ errors }: { errors?: unknown }): readonly unknown[] => {
  if (!Array.isArray(errors)) return [];
  return Array.from({ length: Math.min(errors.length, MAX_ERRORS) }, (_, index) => errors[index]);
};

export const nameOf = (error: object): string | undefined =>
  text(read(() => (error as { name?: unknown }).name));
export const codeOf = (error: object): string | undefined =>
  text(read(() => (error as { code?: unknown }).code));
export const constructorOf = (error: object): string | undefined =>
  text(read(() => (error as { constructor?: { name?: unknown } }).constructor?.name));

const text = (value: unknown): string | undefined =>
  typeof value === "string" ? value : undefined;

/** Reads a hostile error, whose getters may throw. */
export const read = <T>(get: () => T): T | undefined => {
  try {
    return get();
  } catch {
    return undefined;
  }
};
