import { isThenable } from "./thenable.ts";
import { type Look, type Watch, watchOf } from "./watch.ts";

/** The same stream, looked at; each iteration with a look of its own. */
export const passThrough = <Part>(
  source: AsyncIterable<Part>,
  look: () => Look<Part>,
): AsyncIterable<Part> => ({
  [Symbol.asyncIterator]: () => lookedAt(source[Symbol.asyncIterator](), look),
});

type Answer<Part> = Promise<IteratorResult<Part, unknown>>;
type Method<Part> = (...args: unknown[]) => Answer<Part>;

/** The same iterator, looked at. */
export const lookedAt = <Part>(
  source: AsyncIterator<Part, unknown>,
  look: () => Look<Part>,
): AsyncIterableIterator<Part, unknown> => {
  const watch = watchOf(look);
  const letGo = (method: Method<Part> | undefined): Method<Part> | undefined => {
    if (typeof method !== "function") return undefined;
    return (...args) => {
      watch.letGo();
      return answered<Part>(() => Reflect.apply(method, source, args), SILENT);
    };
  };
  return {
    next: (...args: unknown[]) => {
      watch.asked();
      // The arguments as they are, because a source may count them.
      return answered(() => Reflect.apply(source.next, source, args), watch);
    },
    // Only where the source has them, because a loop that is left asks whether there is a `return`.
    get return() {
      return letGo(source.return as Method<Part> | undefined);
    },
    get throw() {
      return letGo(source.throw as Method<Part> | undefined);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
    // Optional methods that may be absent are none to the type, which knows them as present.
  } as AsyncIterableIterator<Part, unknown>;
};

const SILENT: Pick<Watch<unknown>, "answer" | "error"> = {
  answer: () => undefined,
  error: () => undefined,
};

/**
 * Calls the source, and shows the watch what it answers. A promise of ours takes the place of its
 * own, because a second handler on the same one would hide a rejection that nobody handles; in
 * every method, so that answers keep their order among each other.
 */
const answered = <Part>(
  ask: () => Answer<Part>,
  watch: Pick<Watch<Part>, "answer" | "error">,
): Answer<Part> => {
  let answer: Answer<Part>;
  try {
    answer = ask();
  } catch (error) {
    watch.error(error);
    throw error;
  }
  if (!isThenable(answer)) {
    watch.answer(answer);
    return answer;
  }
  return Promise.resolve(answer).then(
    (result) => {
      watch.answer(result);
      return result;
    },
    (error) => {
      watch.error(error);
      throw error;
    },
  );
};
