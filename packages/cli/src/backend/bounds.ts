/** What a question may take at most: a backend may hold more than anybody wants to read. */
export interface Bounds {
  readonly traces: number;
  readonly spans: number;
  readonly searches: number;
  /** How often what was found leads on to more. */
  readonly rounds: number;
  /** Of all answers together, decompressed. */
  readonly bytes: number;
}

export const BOUNDS: Bounds = {
  traces: 10_000,
  spans: 1_000_000,
  searches: 2_000,
  // A nest of actions is one trace as a rule; this many carriers in a row are a mistake.
  rounds: 64,
  bytes: 2 ** 30,
};

/** The bytes of one answer, decompressed, that are read. */
export const LONGEST_ANSWER: number = 64 * 2 ** 20;

/** Requests under way at once: a backend is shared with people who look at dashboards. */
export const REQUESTS_AT_ONCE = 4;
