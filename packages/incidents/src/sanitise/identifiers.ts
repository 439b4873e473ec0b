import { isName } from "./name.ts";

// Identifiers that leave the process. They are random by design, so each is told by its one form.

const ACTION_ID = /^[0-9a-z]{26}$/;
const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/;
const SPAN_ID = /^(?!0{16})[0-9a-f]{16}$/;
const SCOPE_KEY = /^[0-9a-f]{16}$/;
const SIGNAL = /^SIG[A-Z0-9]{2,12}$/;
const KIND = /^_?[a-z][a-z0-9_]{0,31}$/;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;
const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i;
const TOOL_CALL_ID = /^[A-Za-z0-9_.:|=+/~@-]{1,128}$/;

/** An action's id in the form in which they are minted: 26 of `0-9 a-z`. */
export const isActionId = (value: unknown): value is string => isText(value, ACTION_ID);

/** 32 hexadecimal digits in lower case, not all of them 0. */
export const isTraceId = (value: unknown): value is string => isText(value, TRACE_ID);

/** 16 hexadecimal digits in lower case, not all of them 0. */
export const isSpanId = (value: unknown): value is string => isText(value, SPAN_ID);

/** The keyed hash of a scope's key: 16 hexadecimal digits in lower case. */
export const isScopeKey = (value: unknown): value is string => isText(value, SCOPE_KEY);

/** The name of a process signal. */
export const isSignalName = (value: unknown): value is string => isText(value, SIGNAL);

/** The kind of a scope or an action, or a type of evidence: a name of `a-z 0-9 _`, at most 32. */
export const isKindName = (value: unknown): value is string => isText(value, KIND) && isName(value);

/** An application's id of a run: a name such as `docs-3`, a UUID or a ULID. */
export const isRunId = (value: unknown): value is string =>
  isName(value) || isText(value, UUID) || isText(value, ULID);

/** An id that tells calls of tools apart, 1 to 128 characters. It never leaves the process. */
export const isToolCallId = (value: unknown): value is string => isText(value, TOOL_CALL_ID);

const isText = (value: unknown, form: RegExp): value is string =>
  typeof value === "string" && form.test(value);
