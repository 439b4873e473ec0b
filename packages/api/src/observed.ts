/** What hears how a function ended. */
interface Observer {
  end(): void;
  fail(error: unknown): void;
}

/** Calls `fn` and tells the observer how it ended; gives what `fn` gives, or throws what it throws. */
export const observed = <T>(observer: Observer, fn: () => T): T => {
  let result: T;
  try {
    result = fn();
  } catch (error) {
    observer.fail(error);
    throw error;
  }
  if (!isThenable(result)) {
    observer.end();
    return result;
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
  ) as T;
};

const isThenable = (value: unknown): value is PromiseLike<unknown> => {
  if (typeof value !== "object" || value === null) return false;
  try {
    return typeof (value as { then?: unknown }).then === "function";
  } catch {
    return false;
  }
};
