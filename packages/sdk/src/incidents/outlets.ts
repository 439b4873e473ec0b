import { guarded, reportFailure } from "@otel-lifecycle/api/internal";
import { createIncidentFile } from "./incident-file.ts";
import type { IncidentOptions } from "./incident-options.ts";
import type { IncidentSink } from "./incident-sink.ts";
import { createLogEvents } from "./log-events.ts";

/** Where the incidents of a recording go. */
export interface Outlets {
  /** False where nobody would take an incident now. */
  isWanted(): boolean;
  readonly sink: IncidentSink;
  /** Resolves once what went in is out, or cannot get out now. Never rejects. */
  flush(): Promise<void>;
  /** The same before it returns. Never throws. */
  flushSync(): void;
}

/** The outlets that the options name. What one of them throws is counted and costs no other. */
export const createOutlets = ({
  file,
  onIncident,
  logEvents = true,
  loggerProvider,
}: IncidentOptions): Outlets => {
  const writer = typeof file === "string" ? createIncidentFile(file) : file;
  const logs = logEvents ? createLogEvents(loggerProvider) : undefined;
  return {
    isWanted: () => writer !== undefined || onIncident !== undefined || logs?.isWanted() === true,
    sink: (reported) => {
      const { incident } = reported;
      if (logs !== undefined) guarded("log events", () => logs.sink(reported));
      if (writer !== undefined) void unhindered("incident writer", () => writer.write(incident));
      if (onIncident !== undefined) void unhindered("onIncident", () => onIncident(incident));
    },
    flush: async () => {
      logs?.flush();
      await unhindered("incident writer", () => writer?.flush?.());
    },
    flushSync: () => {
      logs?.flush();
      guarded("incident writer", () => writer?.flushSync?.());
    },
  };
};

// An async function is one that gives nothing, as far as types go, and its rejection would be
// nobody's.
const unhindered = (what: string, step: () => unknown): Promise<unknown> | undefined =>
  guarded(what, () => {
    const given = step();
    if (typeof Object(given).then !== "function") return undefined;
    return Promise.resolve(given).catch((error: unknown) => reportFailure(what, error));
  });
