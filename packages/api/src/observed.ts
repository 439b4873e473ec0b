/** What hears how a function ended. */
interface Observer {
  end(): void;
  fail(error: unknown): void;
}

/** What comes back of what a function gives: a value as it is, anything that is awaited as a promise. */
export type Observed<T> = T extends PromiseLike<infer U> ? Promise<U> : T;

/** Calls `fn` and tells the observer how it ended; gives what `fn` gives, or throws what it throws. */
export const observed = <T>(observer: Observer, fn: () => T): Observed<T> => {
  let result: T;
  try {
    result = fn();
  } catch (error) {
    observer.fail(error);
    throw error;
  }
  if (!isThenable(result)) {
    observer.end();
    return result as Observed<T>;
  }
  // A promise of ours takes its place, because a second handler on the same one would hide a
  // rejection that nobody handles; and a foreign `then` may give nothing back.
  return Promise.resolve(result).then(
    (value) => {
      observer.end();
      return value;
    },
    (error) => {
      observer.fail(error);
      throw error;
    },
  ) as Observed<T>;
};

const isThenable = (value: unknown): value is PromiseLike<unknown> => {
  if (typeof value !== "object" || value === null) return false;
  try {
    return typeof (value as { then?: unknown }).then === "function";
  } catch {
    return false;
  }
};
