import type { Run } from "@otel-lifecycle/api";

/** Adds evidence to the run whose stream it is: its `evidence`. */
export type Note = Run["evidence"];

/** Begins to read one stream, whose parts are of this form. */
export type StreamFormat<Part> = (note: Note) => StreamReader<Part>;

/** Reads the parts of one stream as they pass, and keeps nothing of their content. */
export interface StreamReader<Part> {
  readonly read: (part: Part) => void;
  /**
   * Asked as the stream ends of itself: whether by its protocol more was to come, which proves that
   * the provider's stream was cut. Default: never, because most formats cannot tell.
   */
  readonly endedEarly?: () => boolean;
}
