import type { Story } from "./story.ts";

/** How many of these types the bound took out. */
export const omittedOf = (
  { omitted }: Pick<Story, "omitted">,
  ...types: readonly string[]
): number => {
  if (omitted.total === 0) return 0;
  let sum = 0;
  for (const type of types) {
    const count = Object.hasOwn(omitted.byType, type) ? omitted.byType[type] : 0;
    sum += naturalOf(count);
  }
  return sum;
};

/** A count as it can be; anything else counts nothing. */
export const naturalOf = (count: number | undefined): number =>
  count !== undefined && Number.isSafeInteger(count) && count > 0 ? count : 0;

/** True if the bound took something out between these two orders, or nobody can tell. */
export const isOmittedWithin = (
  { omitted }: Story,
  from: number | undefined,
  to: number | undefined,
): boolean => {
  if (omitted.total === 0) return false;
  let placed = 0;
  for (const { after, count } of omitted.gaps) {
    placed += naturalOf(count);
    if (from !== undefined && (after === undefined || after < from)) continue;
    if (to === undefined || after === undefined || after < to) return true;
  }
  return placed !== omitted.total;
};
