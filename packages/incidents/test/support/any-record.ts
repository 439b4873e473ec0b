import type { Evidence, RunRecord } from "@otel-lifecycle/incidents";
import fc from "fast-check";
import { KNOWN_TYPES } from "../../src/sanitise/vocabulary.ts";

const KNOWN = Object.keys(KNOWN_TYPES);

// Small ones often, so that many are equal.
const anyNumber = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0, max: 12 }) },
  fc.double(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, -1, Number.MAX_SAFE_INTEGER),
);
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const anyText = fc.oneof(
  fc.constantFrom("shell", "redacted", "__proto__", "constructor"),
  fc.string(),
);
const anyClass = fc.oneof(
  fc.constantFrom(
    "lifecycle_action",
    "user_cancel",
    "client_disconnect",
    "timeout",
    "upstream_disconnect",
    "error",
    "unknown_scope_close",
    "process_lost",
  ),
  anyText,
);
const anyEffect = fc.constantFrom("read_only", "external", "unknown", "toString");

const anyAction = fc.record(
  {
    id: fc.constantFrom("a", "b", "c"),
    kind: anyText,
    trigger: fc.constantFrom("http", "signal", "unknown"),
    operation: fc.constantFrom("POST /x", "Config.update"),
    scopeKey: fc.constantFrom("00000000000000a1", "/srv"),
    parentId: fc.constantFrom("a", "z"),
  },
  { requiredKeys: ["id", "kind", "trigger"] },
);

const anyFacts = fc.record(
  {
    tool: anyText,
    toolCall: anyNumber,
    effect: anyEffect,
    providerExecuted: fc.boolean(),
    error: fc.record(
      {
        proof: fc.constantFrom("error", "timeout", "upstream_disconnect"),
        code: fc.constantFrom("ECONNREFUSED", "X"),
      },
      { requiredKeys: ["proof"] },
    ),
    errorKind: anyText,
    status: anyNumber,
    watchdog: fc.constantFrom("connect", "silent_stream"),
    durationMs: anyNumber,
    boundary: fc.record({
      exposed: anyNumber,
      tools: fc.array(
        fc.record({ name: anyText, effect: anyEffect, providerExecuted: fc.boolean() }),
        { maxLength: 3 },
      ),
    }),
    end: fc.record(
      {
        result: fc.constantFrom("completed", "interrupted", "failed", "lost", "odd"),
        class: anyClass,
        confidence: fc.constantFrom("high", "low"),
      },
      { requiredKeys: ["result"] },
    ),
    close: fc.record({ class: anyClass, actions: fc.array(anyAction, { maxLength: 3 }) }),
  },
  { requiredKeys: [] },
);

/** Evidence of all types with numbers, texts and facts that make no sense. */
export const anyEvidence: fc.Arbitrary<Evidence> = fc.record({
  type: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...KNOWN) }, anyText),
  order: maybe(anyNumber),
  at: maybe(anyNumber),
  lastAt: maybe(anyNumber),
  count: anyNumber,
  source: anyText,
  attempt: anyNumber,
  facts: anyFacts,
  redactions: fc.array(anyText, { maxLength: 2 }),
}) as unknown as fc.Arbitrary<Evidence>;

/** A record of such evidence. */
export const anyRecord: fc.Arbitrary<RunRecord> = fc.record({
  run: fc.record(
    { name: anyText, id: anyText, startedAt: anyNumber, endedAt: fc.double(), began: anyNumber },
    { requiredKeys: ["name"] },
  ),
  evidence: fc.array(anyEvidence, { maxLength: 20 }),
  omitted: fc.record({
    total: anyNumber,
    byType: fc.dictionary(fc.oneof(fc.constantFrom(...KNOWN), anyText), anyNumber, { maxKeys: 4 }),
    effects: fc.array(anyEffect, { maxLength: 2 }),
    gaps: fc.array(fc.record({ after: maybe(anyNumber), count: anyNumber }), { maxLength: 3 }),
  }),
}) as unknown as fc.Arbitrary<RunRecord>;
