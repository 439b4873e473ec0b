/** What units are used, in the notation of UCUM, as in OpenTelemetry's metrics; `1` is a ratio. */
export type Unit = "1" | "us" | "ms" | "By" | "{file}" | "s" | "MiBy" | "{span}/s";

/** One measured value; the form of `--json`. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: Unit;
  /** The most that the value may be; null where there is no goal. */
  readonly goal: number | null;
  /** Whether the goal holds; null where there is none. */
  readonly holds: boolean | null;
}

export const figure = (name: string, value: number, unit: Unit): Figure => ({
  name,
  value: rounded(value),
  unit,
  goal: null,
  holds: null,
});

/** A value that is to be `goal` at most. */
export const figureWithGoal = (name: string, value: number, unit: Unit, goal: number): Figure => ({
  name,
  value: rounded(value),
  unit,
  goal,
  // Of what is printed, so that no 1.25 misses a 1.25.
  holds: rounded(value) <= goal,
});

const rounded = (value: number): number => Number(value.toFixed(3));
