import type { RunIncident } from "@otel-lifecycle/incidents";
import type { Expected } from "../check-options.ts";
import type { IncidentWriter } from "./incident-file.ts";
import type { LoggerProvider } from "./logger-provider.ts";

/** What `recordIncidents` takes. */
export interface IncidentOptions {
  /**
   * Gives incidents of the runs too that nobody began through the API: local root spans. Default:
   * false, because nobody says what went on in them.
   */
  readonly automaticRuns?: boolean;
  /**
   * Called with each incident: keep it short. The first 16 of a turn of the event loop while their
   * runs end, further ones in later turns; up to 32,768 wait. What it throws, or a promise that it
   * gives rejects with, is counted and goes no further; nothing awaits it.
   */
  readonly onIncident?: (incident: RunIncident) => void;
  /**
   * Where incidents are appended, as JSON Lines: the path of a file, or a writer of one's own.
   * Default: nowhere.
   */
  readonly file?: string | IncidentWriter;
  /** Whether incidents are log-based events too, where there is a logger provider. Default: true. */
  readonly logEvents?: boolean;
  /** Takes the log-based events. Default: the logger provider that is registered at each incident. */
  readonly loggerProvider?: LoggerProvider;
}

export const EXPECTED: Expected<IncidentOptions> = {
  automaticRuns: { what: "a boolean", fits: (value) => typeof value === "boolean" },
  onIncident: { what: "a function", fits: (value) => typeof value === "function" },
  file: {
    what: "a path or an object with a method write",
    fits: (value) => (typeof value === "string" ? isPath(value) : hasMethod(value, "write")),
  },
  logEvents: { what: "a boolean", fits: (value) => typeof value === "boolean" },
  loggerProvider: {
    what: "a logger provider",
    fits: (value) => hasMethod(value, "getLogger"),
  },
};

const isPath = (text: string): boolean => text !== "" && !text.includes("\0");

const hasMethod = (value: unknown, name: string): boolean =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as Record<string, unknown>)[name] === "function";
