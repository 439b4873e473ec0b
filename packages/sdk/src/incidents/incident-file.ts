import { guarded, noteBounded, reportFailure } from "@otel-lifecycle/api/internal";
import type { RunIncident } from "@otel-lifecycle/incidents";
import { type Appended, append, appendNow, type Chunk } from "./file-appender.ts";

/** Takes incidents where they end up. No method may throw, and the first not hold up who calls it. */
export interface IncidentWriter {
  /** Returns at once, and keeps what does not get to its place before. */
  write(incident: RunIncident): void;
  /** Resolves once what was written is where it belongs, or cannot get there now. */
  flush?(): Promise<void>;
  /** The same before it returns, where the event loop turns no more. */
  flushSync?(): void;
}

/** How many incidents wait for the disk; further ones are dropped and counted. */
const MAX_WAITING = 4_096;

/** How many are written at a time, so that no turn of the event loop is long. */
const BATCH = 64;

/** How many of those that wait are still written when the process exits. */
const MAX_AT_EXIT = 1_024;

/** How long a pipe that is full is left alone, in ms. */
const LOOK_AGAIN_MS = 100;

/**
 * A writer that appends incidents to a file, one line of JSON each, and never blocks: at most 4,096
 * wait, of which the first 1,024 are written synchronously if the process exits before. The file is
 * made at once, with mode 0600, if it is not there. What cannot be written is dropped, counted in
 * `lifecycleSnapshot().bounded` and said once through `diag`.
 */
export const createIncidentFile = (path: string): Required<IncidentWriter> => {
  const backlog = createBacklog();
  let settled: Promise<void> | undefined;
  const writeRest = (): void => {
    // What cannot get there now stays, and is gone on with where it stopped.
    guarded(WHAT, () => {
      for (const chunk of backlog.rest()) appendNow(path, chunk);
    });
  };
  let isToLookAgain = false;
  const lookAgain = (): void => {
    if (isToLookAgain) return;
    isToLookAgain = true;
    setTimeout(() => {
      isToLookAgain = false;
      void begin();
    }, LOOK_AGAIN_MS).unref();
  };
  // Says at set-up what would else be said at the first incident.
  const ready = append(path, { bytes: Buffer.alloc(0), written: 0 }).catch(report);
  const writeWaiting = (): Promise<Appended> => writeAll(path, backlog);
  const begin = (): Promise<void> => {
    settled ??= ready.then(writeWaiting).then((outcome) => {
      settled = undefined;
      if (outcome === "held") lookAgain();
      else if (backlog.size === 0) process.removeListener("exit", writeRest);
    });
    return settled;
  };
  return {
    write: (incident) => {
      if (!backlog.add(incident)) return;
      if (backlog.size > 1) return;
      process.removeListener("exit", writeRest).once("exit", writeRest);
      setImmediate(begin);
    },
    flush: begin,
    flushSync: writeRest,
  };
};

interface Backlog {
  readonly size: number;
  /** False if there is no room. */
  add(incident: RunIncident): boolean;
  /** What is being written or to be written next. */
  next(): Chunk | undefined;
  /** Lets go of it, if it is still that which is next. */
  drop(chunk: Chunk): void;
  /** All that is left, within what is written at exit; each is let go of as the next is asked for. */
  rest(): Generator<Chunk>;
}

const createBacklog = (): Backlog => {
  const waiting: RunIncident[] = [];
  let current: Chunk | undefined;
  let isTorn = false;
  const take = (): Chunk | undefined => {
    if (waiting.length === 0) return undefined;
    const lines = waiting.splice(0, BATCH).map((incident) => `${JSON.stringify(incident)}\n`);
    // What was cut off must not swallow the line behind it.
    if (isTorn) lines.unshift("\n");
    isTorn = false;
    return { bytes: Buffer.from(lines.join("")), written: 0 };
  };
  const next = (): Chunk | undefined => (current ??= take());
  const drop = (chunk: Chunk): void => {
    if (current !== chunk) return;
    isTorn ||= isPartly(chunk);
    current = undefined;
  };
  return {
    get size() {
      return waiting.length;
    },
    add: (incident) => {
      if (waiting.length < MAX_WAITING) return waiting.push(incident) > 0;
      noteBounded(WHAT, "the disk does not keep up, and incidents are dropped.");
      return false;
    },
    next,
    drop,
    *rest() {
      const until = Math.max(waiting.length - MAX_AT_EXIT, 0);
      for (let chunk = next(); chunk !== undefined; ) {
        yield chunk;
        drop(chunk);
        chunk = waiting.length > until ? next() : undefined;
      }
    },
  };
};

const isPartly = ({ bytes, written }: Chunk): boolean => written > 0 && written < bytes.length;

const writeAll = async (path: string, backlog: Backlog): Promise<Appended> => {
  for (let chunk = backlog.next(); chunk !== undefined; chunk = backlog.next()) {
    try {
      if ((await append(path, chunk)) === "held") return "held";
    } catch (error) {
      report(error);
    }
    backlog.drop(chunk);
  }
  return "done";
};

const report = (error: unknown): void => reportFailure(WHAT, error);

const WHAT = "incident file";
