import { LifecycleError } from "@otel-lifecycle/api";
import { describe } from "@otel-lifecycle/api/internal";
import { checkOptions, type Expected } from "../../check-options.ts";
import type { JournalOptions } from "../journal.ts";

/** @throws LifecycleError `invalid_option` or `unknown_option`. */
export const checkJournalOptions = (options: JournalOptions): void => {
  checkOptions("openJournal", options, EXPECTED);
  for (const name of ["directory", "processor"] as const) {
    if (options[name] !== undefined) continue;
    const { what } = EXPECTED[name];
    throw new LifecycleError(
      "invalid_option",
      `openJournal: expected as ${name} ${what}, given ${describe(undefined)}`,
    );
  }
};

export const DEFAULT_MAX_BYTES: number = 64 * 2 ** 20;

const MIN_BYTES = 2 ** 20;
const MAX_BYTES = 16 * 2 ** 30;
const MIN_SYNC_MS = 10;
const MAX_SYNC_MS = 60_000;

const isBetween = (value: unknown, min: number, max: number): boolean =>
  typeof value === "number" && Number.isInteger(value) && value >= min && value <= max;

const isTrueOrFalse = (value: unknown): boolean => typeof value === "boolean";

const EXPECTED: Expected<JournalOptions> = {
  directory: {
    what: "the path of a directory",
    fits: (value) => typeof value === "string" && value !== "" && !value.includes("\0"),
  },
  processor: {
    what: "the LifecycleSpanProcessor of the provider",
    // By its form, because each entry point of the package may carry a copy of the class.
    fits: (value) => typeof Object(value).hasOpenSpans === "function",
  },
  maxBytes: {
    what: `a whole number from ${MIN_BYTES} to ${MAX_BYTES}`,
    fits: (value) => isBetween(value, MIN_BYTES, MAX_BYTES),
  },
  syncIntervalMs: {
    what: `a whole number from ${MIN_SYNC_MS} to ${MAX_SYNC_MS}`,
    fits: (value) => isBetween(value, MIN_SYNC_MS, MAX_SYNC_MS),
  },
  recover: { what: "true or false", fits: isTrueOrFalse },
  watchExit: { what: "true or false", fits: isTrueOrFalse },
};
