/** The last attempt that is told apart from those before it. */
export const MAX_ATTEMPT = 10_000;

/** A hundred days: what takes longer is a clock that jumped. */
const MAX_DURATION_MS = 8_640_000_000;

/** An attempt as an application names it. */
export const isAttempt = (value: unknown): value is number => isWhole(value, 1, MAX_ATTEMPT);

/** Milliseconds that something took, up to a hundred days. */
export const isDuration = (value: unknown): value is number => isWithin(value, MAX_DURATION_MS);

/** Milliseconds on a clock, whichever it is. */
export const isTime = (value: unknown): value is number => isWithin(value, Number.MAX_SAFE_INTEGER);

/** An HTTP status. */
export const isStatus = (value: unknown): value is number => isWhole(value, 100, 599);

/** A place on a counter, or how often. */
export const isCount = (value: unknown): value is number =>
  isWhole(value, 0, Number.MAX_SAFE_INTEGER);

export const isTrueOrFalse = (value: unknown): value is boolean => typeof value === "boolean";

const isWhole = (value: unknown, least: number, most: number): value is number =>
  Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;

const isWithin = (value: unknown, most: number): value is number =>
  Number.isFinite(value) && (value as number) >= 0 && (value as number) <= most;
