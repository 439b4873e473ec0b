import type { IncidentCause } from "../incident/cause.ts";
import type { Story } from "../story/story.ts";

/** One cause: what proves it, and of which kind it then is. */
export interface CauseRule {
  readonly cause: IncidentCause;
  /** Where the proof stands; undefined if there is none. */
  readonly find: (story: Story) => Found | undefined;
}

/** A proof. Places are those in the story's evidence. */
export interface Found {
  readonly subcause?: string;
  /** What initiated the end, where that was recorded. */
  readonly initiating: number | undefined;
  /** Where the run met it: what was seen later changes no phase. Undefined: when it ended. */
  readonly observed: number | undefined;
  /** Of a timeout: the run's own deadline passed, and no watch over a stream gave up. */
  readonly isDeadline?: boolean;
}

/** A failure is met where it happens. */
export const foundAt = (index: number | undefined): Found | undefined =>
  index === undefined ? undefined : { initiating: index, observed: index };
