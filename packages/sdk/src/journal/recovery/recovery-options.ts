import type { Expected } from "../../check-options.ts";
import { isObject } from "./body-forms.ts";
import type { RecoveryOptions } from "./recovery.ts";

export const EXPECTED: Expected<RecoveryOptions> = {
  exit: {
    what: "an object with code, signal, reason or none of them",
    fits: (value) => isExit(value),
  },
  pid: { what: "a process id", fits: (value) => isWhole(value, 1, 2 ** 31 - 1) },
  anyHost: { what: "a boolean", fits: (value) => typeof value === "boolean" },
  onProgress: { what: "a function", fits: (value) => typeof value === "function" },
  onIncident: { what: "a function", fits: (value) => typeof value === "function" },
  signal: { what: "an AbortSignal", fits: (value) => value instanceof AbortSignal },
  batchSize: {
    what: "a whole number from 1 to 10,000",
    fits: (value) => isWhole(value, 1, 10_000),
  },
  maxAttempts: {
    what: "a whole number from 1, or Infinity",
    fits: (value) =>
      value === Number.POSITIVE_INFINITY || isWhole(value, 1, Number.MAX_SAFE_INTEGER),
  },
};

const isWhole = (value: unknown, least: number, most: number): boolean =>
  Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;

const isExit = (value: unknown): boolean =>
  isObject(value) &&
  Object.keys(value).every((name) => ["code", "signal", "reason"].includes(name)) &&
  (value["code"] === undefined || isWhole(value["code"], 0, 255)) &&
  (value["signal"] === undefined || typeof value["signal"] === "string") &&
  (value["reason"] === undefined || typeof value["reason"] === "string");
