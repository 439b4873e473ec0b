import { UsageError } from "./usage-error.ts";

/** Throws {@link UsageError} where Node was started without `--expose-gc`. */
export const requireGarbageCollector = (): void => {
  if (globalThis.gc === undefined) throw new UsageError("start Node with --expose-gc");
};

/** Collects all garbage. Twice, because finalizers of the first may let go of more. */
export const collectGarbage = (): void => {
  globalThis.gc?.();
  globalThis.gc?.();
};

/**
 * Moves what is alive out of the young generation, as if it had been there for a while. Not a full
 * collection: that one throws away compiled code whose objects are gone, and the next measurement
 * would be one of the compiler.
 */
export const agePresentObjects = (): void => {
  globalThis.gc?.(true);
  globalThis.gc?.(true);
};
