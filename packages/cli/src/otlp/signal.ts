import { fieldOf, isJsonObject, type JsonObject, NotOtlpError, objectsOf } from "./json-field.ts";

/** The signals of OTLP that are understood here. */
export type Signal = "traces" | "logs";

// Each signal's request is one list, and its name in JSON tells the signal.
const LISTS: Readonly<Record<Signal | "metrics" | "profiles", string>> = {
  traces: "resourceSpans",
  logs: "resourceLogs",
  metrics: "resourceMetrics",
  profiles: "resourceProfiles",
};

/**
 * The elements of a signal's request; undefined if it is one of another signal. Throws
 * {@link NotOtlpError} if it is none at all.
 */
export function resourcesOf(request: unknown, signal: Signal): readonly JsonObject[] | undefined {
  if (!isJsonObject(request)) throw new NotOtlpError("it is not a JSON object");
  if (fieldOf(request, LISTS[signal]) !== undefined) return objectsOf(request, LISTS[signal]);
  if (Object.values(LISTS).some((name) => fieldOf(request, name) !== undefined)) return undefined;
  // An empty message is `{}` in proto3; some other object without its list is somebody else's JSON.
  if (Object.keys(request).length === 0) return [];
  throw new NotOtlpError(`it has no ${LISTS[signal]}`);
}
