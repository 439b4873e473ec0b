import type { ActionTrigger, InitiatorType } from "./attributes.ts";
import { noteBounded } from "./diagnostics.ts";
import { registry } from "./registry.ts";

// Bounds of what leaves the process. Nothing here throws: values arrive at run time.

const MAX_NAME = 128;
const MAX_OPERATION = 100;
const MAX_OWN_KINDS = 32;

const RUN_ID = /^[A-Za-z0-9_.:-]{1,64}$/;
const KIND = /^[a-z][a-z0-9_]{0,31}$/;
const SIGNAL = /^SIG[A-Z0-9]{2,12}$/;
// A route's template behind a method of the list, or a dotted name. A bare path is neither.
const OPERATION =
  /^(?:(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE|QUERY) \/[\w\-.:{}*/[\]()]*|[A-Za-z_$][\w$.:#-]*)$/;
// The first is cheap, and almost always the answer.
const SURROGATE = /[\uD800-\uDFFF]/;
const LONE_SURROGATE = /\p{Surrogate}/gu;

const STANDARD_KINDS = ["reload", "dispose", "dispose_directory", "dispose_all", "shutdown"];
const TRIGGERS: readonly ActionTrigger[] = [
  "http",
  "signal",
  "cli",
  "config",
  "watch",
  "supervisor",
  "runtime",
  "unknown",
];
const INITIATORS: readonly InitiatorType[] = [
  "user",
  "deployment",
  "supervisor",
  "developer",
  "application",
];

/** A span's name: at most 128 characters, well-formed. */
export const boundName = (name: unknown, fallback: string): string => {
  if (typeof name !== "string" || name === "") {
    noteBounded("span name", `expected a non-empty string, "${fallback}" stands for it.`);
    return fallback;
  }
  if (name.length <= MAX_NAME) return wellFormed(name);
  noteBounded("span name", `longer than ${MAX_NAME} characters, cut.`);
  return wellFormed(name.slice(0, MAX_NAME));
};

/** The name of a span that others made, bounded; spans of the SDKs have one, the API's do not. */
export const spanNameOf = (span: object): string =>
  boundName((span as { name?: unknown }).name ?? "run", "run");

/** The application's id of a run: 1 to 64 of `A-Z a-z 0-9 _ . : -`, else dropped. */
export const boundRunId = (id: unknown): string | undefined => {
  if (id === undefined) return undefined;
  if (typeof id === "string" && RUN_ID.test(id)) return id;
  noteBounded("run id", "expected 1 to 64 characters of A-Z a-z 0-9 _ . : -, dropped.");
  return undefined;
};

/** An action's kind: a token of at most 32 characters; of the application's own at most 32. */
export const boundActionKind = (kind: unknown): string => {
  if (typeof kind !== "string" || !KIND.test(kind)) {
    noteBounded("action kind", 'expected 1 to 32 characters of a-z 0-9 _, "_other" stands for it.');
    return "_other";
  }
  if (STANDARD_KINDS.includes(kind) || registry.kinds.has(kind)) return kind;
  if (registry.kinds.size >= MAX_OWN_KINDS) {
    noteBounded("action kinds", `more than ${MAX_OWN_KINDS} distinct, "_other" stands for it.`);
    return "_other";
  }
  registry.kinds.add(kind);
  return kind;
};

/** What asked, as a template of at most 100 characters, else dropped. */
export const boundOperation = (operation: unknown): string | undefined => {
  if (operation === undefined) return undefined;
  if (typeof operation === "string") {
    const cut = operation.slice(0, MAX_OPERATION);
    if (cut !== operation) noteBounded("action operation length", `over ${MAX_OPERATION}, cut.`);
    if (OPERATION.test(cut)) return cut;
  }
  noteBounded("action operation", "expected `METHOD /route/{template}` or a dotted name, dropped.");
  return undefined;
};

/** The name of a process signal, else dropped. */
export const boundSignalName = (signal: unknown): string | undefined => {
  if (signal === undefined) return undefined;
  if (typeof signal === "string" && SIGNAL.test(signal)) return signal;
  noteBounded("action signal", "expected a signal's name such as SIGTERM, dropped.");
  return undefined;
};

/** A trigger of the list; anything else is `unknown`. */
export const boundTrigger = (trigger: unknown): ActionTrigger | undefined => {
  if (trigger === undefined) return undefined;
  const known = TRIGGERS.find((one) => one === trigger);
  if (known === undefined) noteBounded("action trigger", `expected one of ${TRIGGERS.join(", ")}.`);
  return known ?? "unknown";
};

/** Who stands behind the trigger, if it is one of the list. */
export const boundInitiator = (initiator: unknown): InitiatorType | undefined => {
  if (initiator === undefined) return undefined;
  const known = INITIATORS.find((one) => one === initiator);
  if (known === undefined) {
    noteBounded("action initiator", `expected one of ${INITIATORS.join(", ")}, dropped.`);
  }
  return known;
};

const MAX_TIMER_MS = 2 ** 31 - 1;

/** Milliseconds that a timer takes: 1 to 2^31 - 1; what is no number is dropped. */
export const boundMilliseconds = (what: string, value: unknown): number | undefined => {
  if (value === undefined) return undefined;
  if (typeof value !== "number" || Number.isNaN(value)) {
    noteBounded(what, "expected a number of milliseconds, dropped.");
    return undefined;
  }
  const bounded = Math.min(Math.max(value, 1), MAX_TIMER_MS);
  if (bounded !== value) noteBounded(what, `expected 1 to ${MAX_TIMER_MS} milliseconds, bounded.`);
  return bounded;
};

/** Counts the options that nobody knows, of which a misspelt one is the likeliest. */
export const noteUnknown = (
  what: string,
  options: object,
  known: Readonly<Record<string, true>>,
): void => {
  for (const name in options) {
    if (known[name] !== true) noteBounded(what, `expected ${Object.keys(known).join(", ")}.`);
  }
};

/** True if `kind` may name a scope or an action: a low-cardinality token. */
export const isKind = (kind: unknown): kind is string =>
  typeof kind === "string" && KIND.test(kind);

const wellFormed = (text: string): string => {
  if (!SURROGATE.test(text)) return text;
  const mended = text.replace(LONE_SURROGATE, "\uFFFD");
  if (mended !== text) noteBounded("span name", "not well-formed, mended.");
  return mended;
};
