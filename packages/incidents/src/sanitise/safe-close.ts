import type { ActionFacts, EndFacts, RequestedClose } from "../evidence.ts";
import {
  isActionId,
  isKindName,
  isScopeKey,
  isSignalName,
  isSpanId,
  isTraceId,
} from "./identifiers.ts";
import { isName, REDACTED } from "./name.ts";
import { isOperation } from "./operation.ts";
import { fieldOf, present, type Sieve } from "./sieve.ts";
import {
  CLOSE_CLASSES,
  CONFIDENCES,
  INITIATORS,
  isOneOf,
  REQUESTED_CLASSES,
  RUN_RESULTS,
  TRIGGERS,
  VIAS,
} from "./vocabulary.ts";

const MAX_ACTIONS = 8;
const MAX_MISSING = 8;

/** What asked the run to stop; nothing unless its class is one. */
export const closeThrough = (sieve: Sieve, given: unknown): RequestedClose | undefined => {
  if (given === undefined || given === null) return undefined;
  const closeClass = sieve.pick("close.class", fieldOf(given, "class"), isOneOf(REQUESTED_CLASSES));
  if (closeClass === undefined) {
    sieve.withhold("close.class");
    return undefined;
  }
  const actions = listOf(fieldOf(given, "actions"), MAX_ACTIONS);
  return { class: closeClass, actions: actions.map((action) => actionThrough(sieve, action)) };
};

/** What the run ended with; nothing unless its result is one. */
export const endThrough = (sieve: Sieve, given: unknown): EndFacts | undefined => {
  if (given === undefined || given === null) return undefined;
  const of = (field: string) => fieldOf(given, field);
  const result = sieve.pick("end.result", of("result"), isOneOf(RUN_RESULTS));
  if (result === undefined) {
    sieve.withhold("end.result");
    return undefined;
  }
  return present<EndFacts>({
    result,
    class: sieve.pick("end.class", of("class"), isOneOf(CLOSE_CLASSES)),
    confidence: sieve.pick("end.confidence", of("confidence"), isOneOf(CONFIDENCES)),
    via: sieve.pick("end.via", of("via"), isOneOf(VIAS)),
    missing: of("missing") === undefined ? undefined : missingThrough(sieve, of("missing")),
  });
};

const actionThrough = (sieve: Sieve, given: unknown): ActionFacts => {
  const of = (field: string) => fieldOf(given, field);
  return present<ActionFacts>({
    id: sieve.text("action.id", of("id") ?? REDACTED, isActionId) ?? REDACTED,
    kind: sieve.text("action.kind", of("kind") ?? REDACTED, isKindName) ?? REDACTED,
    trigger: sieve.pick("action.trigger", of("trigger"), isOneOf(TRIGGERS)) ?? "unknown",
    operation: sieve.text("action.operation", of("operation"), isOperation),
    signal: sieve.pick("action.signal", of("signal"), isSignalName),
    initiator: sieve.pick("action.initiator", of("initiator"), isOneOf(INITIATORS)),
    scopeKind: sieve.text("action.scope_kind", of("scopeKind"), isKindName),
    scopeKey: sieve.pick("action.scope_key", of("scopeKey"), isScopeKey),
    traceId: sieve.pick("action.trace_id", of("traceId"), isTraceId),
    spanId: sieve.pick("action.span_id", of("spanId"), isSpanId),
    parentId: sieve.pick("action.parent_id", of("parentId"), isActionId),
  });
};

const missingThrough = (sieve: Sieve, given: unknown): readonly string[] =>
  listOf(given, MAX_MISSING).flatMap((code) => sieve.text("end.missing", code, isName) ?? []);

/** The first members of a list, read one by one, because any of them may be a getter that throws. */
export const listOf = (given: unknown, most: number): readonly unknown[] => {
  const length = Array.isArray(given) ? Number(fieldOf(given, "length")) : 0;
  const bounded = Math.max(0, Math.min(Number.isNaN(length) ? 0 : length, most));
  return Array.from({ length: bounded }, (_, index) => fieldOf(given, String(index)));
};
