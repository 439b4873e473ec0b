import { InputError } from "../input/input-error.ts";

export const HOUR_MS = 3_600_000;
export const DAY_MS: number = 24 * HOUR_MS;

/** The number that an option was given. Throws {@link InputError} for anything but digits within the bounds. */
export function wholeNumber(option: string, given: string, least: number, most: number): number {
  const number = /^\d+$/.test(given) ? Number(given) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw new InputError(`${option} takes a whole number from ${least} to ${most}, not "${given}"`);
}

/** The milliseconds of a time such as `30s`. Throws {@link InputError} for anything else, or beyond the bounds. */
export function duration(
  option: string,
  given: string | undefined,
  { least, most, unset }: { readonly least: number; readonly most: number; readonly unset: number },
): number {
  if (given === undefined) return unset;
  const [, digits = "", unit = ""] = /^(\d{1,6})([smhd])$/.exec(given) ?? [];
  const ms = Number(digits) * (UNIT_MS[unit] ?? Number.NaN);
  if (ms >= least && ms <= most) return ms;
  throw new InputError(
    `${option} takes a time such as 30s, 15m, 1h or 7d, from ${timeText(least)} to ${timeText(most)}, not "${given}"`,
  );
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: HOUR_MS, d: DAY_MS };

function timeText(ms: number): string {
  const unit = ["d", "h", "m"].find((name) => ms % (UNIT_MS[name] ?? 1) === 0) ?? "s";
  return `${ms / (UNIT_MS[unit] ?? 1)}${unit}`;
}
