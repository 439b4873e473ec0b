/** How many errors of one tree are looked at, so that cyclic causes end. */
const MAX_ERRORS = 16;

/** An error and what it came of, the outermost first; never throws, whatever it is given. */
export const errorsOf = (error: unknown): readonly object[] => {
  const found: object[] = [];
  const waiting: unknown[] = [error];
  while (waiting.length > 0 && found.length < MAX_ERRORS) {
    const next = waiting.shift();
    if (typeof next !== "object" || next === null || found.includes(next)) continue;
    found.push(next);
    waiting.push(field(next, "cause"), lastOf(next));
  }
  return found;
};

// The AI SDK's error of retries holds those of all tries: the last is the one that ended it.
const lastOf = (error: object): unknown => {
  const last = field(error, "lastError");
  if (last !== undefined) return last;
  const errors = field(error, "errors");
  return Array.isArray(errors) ? field(errors, errors.length - 1) : undefined;
};

/** A field of anything; `undefined` where there is none, or it cannot be read. */
export const field = (value: unknown, key: string | number): unknown => {
  if (typeof value !== "object" || value === null) return undefined;
  try {
    return (value as Record<string | number, unknown>)[key];
  } catch {
    return undefined;
  }
};

/** A field that is text. */
export const textField = (value: unknown, key: string): string | undefined => {
  const text = field(value, key);
  return typeof text === "string" ? text : undefined;
};
