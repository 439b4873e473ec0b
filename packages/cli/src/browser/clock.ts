/** Writes moments of a picture, in UTC, as the terminal and most backends do. */
export interface Clock {
  /** "2026-11-22 19:31:02.125". */
  readonly moment: (time: number) => string;
  /** As much as differs between ticks that are `step` milliseconds apart: "19:31", "19:31:02", "2.125 s". */
  readonly tick: (time: number, step: number) => string;
  /** How long before the origin a multiple of `step` milliseconds last was: round times are those of the clock. */
  readonly phase: (step: number) => number;
}

/** A clock that counts milliseconds from an origin in nanoseconds since the epoch. */
export function clockOf(origin: string): Clock {
  const nanos = BigInt(origin);
  const iso = (time: number): string => {
    const date = new Date(Number(nanos / 1_000_000n) + wholeMilliseconds(time));
    // Beyond what a Date can say, which only a hostile time is.
    return Number.isNaN(date.getTime()) ? "0000-00-00T00:00:00.000Z" : date.toISOString();
  };
  // What the origin has below a millisecond belongs to every time.
  const below = Number(nanos % 1_000_000n) / 1_000_000;
  const wholeMilliseconds = (time: number): number => Math.floor(time + below + 1e-6);
  const seconds = (time: number, step: number): string => {
    const digits = Math.min(6, Math.max(1, Math.ceil(-Math.log10(step / 1000) - 1e-9)));
    const rest = Math.max(0, time + below - wholeMilliseconds(time)) / 1000;
    return `${(Number(iso(time).slice(17, 23)) + rest).toFixed(digits)} s`;
  };

  return {
    moment: (time) => iso(time).replace("T", " ").replace("Z", ""),
    tick: (time, step) => {
      const text = iso(time);
      if (step >= 86_400_000) return text.slice(5, 10);
      if (step >= 60_000) return text.slice(11, 16);
      if (step >= 1000) return text.slice(11, 19);
      return seconds(time, step);
    },
    phase: (step) => Number(nanos % BigInt(Math.max(1, Math.round(step * 1e6)))) / 1e6,
  };
}
