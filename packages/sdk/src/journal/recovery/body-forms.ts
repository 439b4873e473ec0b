import { TraceFlags } from "@opentelemetry/api";
import type {
  AcknowledgedBody,
  BeginBody,
  CauseBody,
  DoneBody,
  EndBody,
  FinishedBody,
  HeaderBody,
  SettledBody,
  SourceBody,
  SpanContextBody,
  TimeBody,
  YieldedBody,
} from "../format/bodies.ts";

// What comes from a disk may have any form. What a span cannot do without is required here; single
// attributes, links and events of another form are left out where the span is rebuilt.

export const isHeader = (body: unknown): body is HeaderBody =>
  isObject(body) &&
  isCount(body["v"]) &&
  typeof body["host"] === "string" &&
  isCount(body["pid"]) &&
  isCount(body["thread"]) &&
  isAmount(body["opened"]) &&
  isOptional(body["boot"], isText) &&
  isOptional(body["cgroup"], isCgroup) &&
  isOptional(body["incidents"], isTrueOrFalse);

export const isSource = (body: unknown): body is SourceBody => {
  if (!isObject(body)) return false;
  const { resource, scope } = body;
  return (
    isObject(resource) &&
    isObject(resource["attributes"]) &&
    isOptional(resource["schemaUrl"], isText) &&
    isObject(scope) &&
    typeof scope["name"] === "string" &&
    isOptional(scope["version"], isText) &&
    isOptional(scope["schemaUrl"], isText) &&
    isOptional(scope["attributes"], isObject)
  );
};

export const isBegin = (body: unknown): body is BeginBody => {
  // An action covers runs also where it has no span.
  if (!isStart(body)) return isStart(body, isNowhere) && !("r" in body) && isAction(body["c"]);
  const { r, c } = body;
  return r === undefined ? isAction(c) : c === undefined && isRun(r);
};

export const isFinished = (body: unknown): body is FinishedBody => isStart(body) && isEnding(body);

export const isEnd = (body: unknown): body is EndBody => isObject(body) && isEnding(body);

export const isSettled = (body: unknown): body is SettledBody =>
  isObject(body) && isCount(body["q"]) && isChange(body);

export const isYielded = (body: unknown): body is YieldedBody =>
  isObject(body) && isCount(body["q"]);

export const isDone = (body: unknown): body is DoneBody =>
  isObject(body) &&
  isCount(body["q"]) &&
  isOptional(body["o"], isTrueOrFalse) &&
  isOptional(body["final"], isTrueOrFalse);

export const isCause = (body: unknown): body is CauseBody =>
  isObject(body) &&
  isCount(body["q"]) &&
  isOptional(body["at"], isAmount) &&
  typeof body["type"] === "string" &&
  CAUSES.has(body["type"]) &&
  typeof body["via"] === "string" &&
  isOptional(body["errorType"], isText) &&
  (body["type"] === "lifecycle_action" ? isCausing(body["action"]) : true);

export const isAcknowledged = (body: unknown): body is AcknowledgedBody =>
  Array.isArray(body) && body.every(isCount);

/** A span context that something can refer to. */
export const isContext = (value: unknown): value is SpanContextBody =>
  isLinked(value) && !ZEROS.test(value.t) && !ZEROS.test(value.s);

/** The same where ids may be all zero, as links have them. */
export const isLinked = (value: unknown): value is SpanContextBody =>
  isObject(value) &&
  typeof value["t"] === "string" &&
  TRACE_ID.test(value["t"]) &&
  typeof value["s"] === "string" &&
  SPAN_ID.test(value["s"]) &&
  isWhole(value["f"], 255) &&
  isOptional(value["ts"], isText);

/** Seconds and nanoseconds that fit into what OTLP has for them. */
export const isTime = (value: unknown): value is TimeBody =>
  Array.isArray(value) &&
  value.length === 2 &&
  isWhole(value[0], MAX_SECONDS) &&
  isWhole(value[1], 999_999_999);

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const isCount = (value: unknown): value is number => isWhole(value, Number.MAX_SAFE_INTEGER);

// All zero, and not sampled, so that it is never exported.
const isNowhere = (value: unknown): value is SpanContextBody =>
  isLinked(value) && ZEROS.test(value.t + value.s) && (value.f & TraceFlags.SAMPLED) === 0;

const isStart = (
  body: unknown,
  isPlace: (value: unknown) => value is SpanContextBody = isContext,
): body is Readonly<Record<string, unknown>> =>
  isPlace(body) &&
  isFields(body) &&
  isCount(body["src"]) &&
  isOptional(body["p"], isContext) &&
  typeof body["n"] === "string" &&
  isWhole(body["k"], 4) &&
  isTime(body["st"]) &&
  isObject(body["a"]) &&
  isOptional(body["l"], Array.isArray);

// Only for the type: what is a context is an object.
const isFields = (body: object): body is Readonly<Record<string, unknown>> => isObject(body);

const isEnding = (body: Readonly<Record<string, unknown>>): boolean =>
  isTime(body["et"]) && isChange(body);

const isChange = (body: Readonly<Record<string, unknown>>): boolean =>
  isOptional(body["a"], isObject) &&
  isOptional(body["d"], Array.isArray) &&
  isOptional(body["n"], isText) &&
  isOptional(body["f"], isFlags) &&
  isOptional(body["x"], isStatus) &&
  isOptional(body["l"], Array.isArray) &&
  isOptional(body["ev"], Array.isArray) &&
  isOptional(body["dr"], isDropped);

const isRun = (value: unknown): boolean =>
  isObject(value) &&
  isCount(value["q"]) &&
  isListOf(value["sc"], isCount) &&
  isOptional(value["n"], isText) &&
  typeof value["o"] === "string" &&
  isOptional(value["bi"], isTexts) &&
  isOptional(value["a"], isObject);

const isAction = (value: unknown): boolean =>
  isObject(value) &&
  isCount(value["q"]) &&
  isOptional(value["at"], isAmount) &&
  typeof value["id"] === "string" &&
  isCount(value["sc"]) &&
  typeof value["asks"] === "boolean" &&
  typeof value["final"] === "boolean" &&
  isOptional(value["sent"], isTrueOrFalse) &&
  isOptional(value["h"], isCounts);

const isCausing = (value: unknown): boolean =>
  isLinked(value) &&
  isFields(value) &&
  typeof value["id"] === "string" &&
  typeof value["kind"] === "string" &&
  typeof value["trigger"] === "string";

export const isCgroup = (value: unknown): boolean =>
  isObject(value) &&
  typeof value["events"] === "string" &&
  isCount(value["inode"]) &&
  isCount(value["oomKills"]);

const isStatus = (value: unknown): boolean =>
  Array.isArray(value) && isWhole(value[0], 2) && isOptional(value[1] ?? undefined, isText);

const isDropped = (value: unknown): boolean => isListOf(value, isUint32) && value.length === 3;

const isListOf = (value: unknown, fits: (one: unknown) => boolean): value is readonly unknown[] =>
  Array.isArray(value) && value.every(fits);

const isOptional = (value: unknown, fits: (one: unknown) => boolean): boolean =>
  value === undefined || fits(value);

const isWhole = (value: unknown, most: number): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most;

const isAmount = (value: unknown): boolean => typeof value === "number" && Number.isFinite(value);
const isText = (value: unknown): boolean => typeof value === "string";
const isTexts = (value: unknown): boolean => isListOf(value, isText);
const isCounts = (value: unknown): boolean => isListOf(value, isCount);
const isTrueOrFalse = (value: unknown): boolean => typeof value === "boolean";
const isFlags = (value: unknown): boolean => isWhole(value, 255);
const isUint32 = (value: unknown): boolean => isWhole(value, 2 ** 32 - 1);

const TRACE_ID = /^[0-9a-fA-F]{32}$/;
const SPAN_ID = /^[0-9a-fA-F]{16}$/;
const ZEROS = /^0+$/;
/** 2^64 nanoseconds. */
const MAX_SECONDS = 18_446_744_072;
const CAUSES: ReadonlySet<string> = new Set([
  "user_cancel",
  "timeout",
  "client_disconnect",
  "upstream_disconnect",
  "unknown_scope_close",
  "lifecycle_action",
]);
