import {
  isActionId,
  isKindName,
  isRunId,
  isScopeKey,
  isSignalName,
  isSpanId,
  isTraceId,
} from "../sanitise/identifiers.ts";
import { isName } from "../sanitise/name.ts";
import { isOperation } from "../sanitise/operation.ts";
import { isRunName } from "../sanitise/run-name.ts";
import { isSummary } from "../summary/is-summary.ts";
import { type TextShape, text } from "./shape.ts";

// What strings of an incident may be like, where their type is no union: what the sieve lets in is
// let out, and read back. The patterns are what the schema can say of it: all are ASCII, and none
// lets a control character or a newline through.

/** Types, kinds: ours and the application's. */
export const KIND: TextShape = text(/^_?[a-z][a-z0-9_]*$/, 32, isKindName);
export const REASON: TextShape = text(/^[a-z][a-z0-9_]*$/, 64, isName);
/** Names of tools, sources, finalizers, errors and their codes. */
export const NAME: TextShape = text(/^[A-Za-z_][A-Za-z0-9_.:-]*$/, 64, isName);
/** A run's: up to three names, or an operation. */
export const RUN_NAME: TextShape = text(/^[A-Za-z_][\w.:{}*/[\]() -]*$/, 100, isRunName);
export const RUN_ID: TextShape = text(/^[A-Za-z0-9_][A-Za-z0-9_.:-]*$/, 64, isRunId);
export const INCIDENT_ID: TextShape = text(
  /^incident:[A-Za-z0-9_][A-Za-z0-9_.:-]*$|^redacted$/,
  128,
  isIncidentId,
);
export const ACTION_ID: TextShape = text(/^[a-z0-9_-]+$/, 64, isActionId);
export const TRACE_ID: TextShape = text(/^[0-9a-f]{32}$/, 32, isTraceId);
export const SPAN_ID: TextShape = text(/^[0-9a-f]{16}$/, 16, isSpanId);
/** A keyed hash. */
export const HASH: TextShape = text(/^[0-9a-f]{16}$/, 16, isScopeKey);
export const TIMESTAMP: TextShape = text(
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/,
  24,
  (time) => !Number.isNaN(Date.parse(time)),
);
/** What is missing. */
export const CODE: TextShape = text(/^[a-z_]+\.[a-z_]+$/, 64, isName);
/** Where something was withheld: names of our fields. */
export const PATH: TextShape = text(/^[a-z_]+(?:\.[a-z_]+)*$/, 64, isName);
export const SIGNAL: TextShape = text(/^SIG[A-Z0-9]{2,12}$/, 15, isSignalName);
export const OPERATION: TextShape = text(/^[A-Za-z_][\w.:{}*/[\]() -]*$/, 100, isOperation);
export const ROUTE: TextShape = text(/^\/[\w.:{}*/[\]()-]*$/, 100, (route) =>
  isOperation(`GET ${route}`),
);
export const SUMMARY: TextShape = text(/^[ -~]+$/, 160, isSummary);
export const SUMMARY_KEY: TextShape = text(
  /^[a-z_]+\.[A-Za-z0-9_.:-]+$|^redacted$/,
  96,
  isSummaryKey,
);

/** As they are made of a run: of its trace and span, else of its own id. */
function isIncidentId(id: string): boolean {
  const [, run, trace, span] = /^incident:((?:([^:]+):([^:]+))|.+)$/.exec(id) ?? [];
  return isRunId(run) || (isTraceId(trace) && isSpanId(span));
}

function isSummaryKey(key: string): boolean {
  const dot = key.indexOf(".");
  return isName(key.slice(0, dot)) && isName(key.slice(dot + 1));
}
