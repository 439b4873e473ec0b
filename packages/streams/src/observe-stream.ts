import type { Run } from "@otel-lifecycle/api";
import { noteFailure } from "./failures/note-failure.ts";
import { passThrough } from "./pass-through.ts";
import { SOURCE } from "./source.ts";
import type { Note, StreamFormat, StreamReader } from "./stream-format.ts";
import type { Look } from "./watch.ts";

/** What {@link observeStream} takes besides. */
export interface ObserveOptions {
  /**
   * `given`: the application has said `attempt_started` itself, where it sent the request. Default:
   * each iteration is an attempt of its own, which starts as its first part is asked for.
   */
  readonly attempt?: "given";
}

/**
 * Gives the same stream, and tells `run` what comes through it: how far the provider had got, which
 * tools it called, what broke. Parts, results and errors are the source's own, in its order; the
 * source is asked once for each time that the consumer asks, never ahead, and `return` and `throw`
 * reach it where it has them. Nothing is touched until the result is iterated. Never throws by
 * itself: a part that cannot be read ends the reading of that stream, not the stream.
 */
export const observeStream = <Part>(
  run: Pick<Run, "evidence">,
  stream: AsyncIterable<Part>,
  format: StreamFormat<NoInfer<Part>>,
  options?: ObserveOptions,
): AsyncIterable<Part> => passThrough(stream, () => lookOf(run, stream, format, options));

const lookOf = <Part>(
  run: Pick<Run, "evidence">,
  stream: AsyncIterable<Part>,
  format: StreamFormat<Part>,
  options: ObserveOptions | undefined,
): Look<Part> => {
  const note: Note = (type, facts) => run.evidence(type, facts);
  const reader = guardedReader(note, format);
  return {
    begin: () => {
      if (options?.attempt !== "given") note("attempt_started", SOURCE);
    },
    part: reader.read,
    end: () => {
      if (reader.endedEarly() && !isAborted(stream)) note("transport_failure", SOURCE);
    },
    fail: (error) => noteFailure(run, error),
  };
};

/** A format may be anybody's, and a part anything: the first that throws is the last one read. */
const guardedReader = <Part>(
  note: Note,
  format: StreamFormat<Part>,
): Required<StreamReader<Part>> => {
  let reader: StreamReader<Part> | undefined;
  const guarded = <T>(step: () => T): T | undefined => {
    try {
      return step();
    } catch (error) {
      reader = undefined;
      note("stream_reading_failed", { ...SOURCE, error });
      return undefined;
    }
  };
  reader = guarded(() => format(note));
  return {
    read: (part) => guarded(() => reader?.read(part)),
    endedEarly: () => guarded(() => reader?.endedEarly?.()) === true,
  };
};

/**
 * Whether the stream says that it was aborted on this side. Those of the OpenAI and Anthropic
 * clients end without an error then, as if the provider had closed them, and carry their controller.
 */
const isAborted = (stream: unknown): boolean =>
  (stream as { controller?: { signal?: { aborted?: unknown } } }).controller?.signal?.aborted ===
  true;
