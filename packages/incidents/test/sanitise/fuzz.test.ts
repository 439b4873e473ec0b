import {
  createEvidenceLog,
  deriveIncident,
  type Evidence,
  type EvidenceLog,
  endFacts,
  judge,
  NOTHING_OMITTED,
  ownEvidence,
  type RunIdentity,
  requestFacts,
  toDocument,
  toJsonLine,
} from "@otel-lifecycle/incidents";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isRunId, isTraceId } from "../../dist/sanitise/identifiers.js";
import { safeEvidence } from "../../dist/sanitise/safe-evidence.js";
import { safeRunIdentity } from "../../dist/sanitise/safe-run-identity.js";
import { anyPrivateText, hostileFormsOf } from "../support/hostile.ts";
import { leaksIn } from "../support/leaks.ts";
import { tickingClock } from "../support/ticking-clock.ts";

const FIELDS = [
  "attempt",
  "source",
  "tool",
  "toolCallId",
  "effect",
  "providerExecuted",
  "error",
  "errorKind",
  "status",
  "watchdog",
  "name",
  "durationMs",
  "tools",
  "prompt",
];
const TYPES = [
  "attempt_started",
  "text_output_started",
  "side_effect_boundary",
  "tool_execution_started",
  "tool_execution_failed",
  "transport_failure",
  "provider_error",
  "watchdog_fired",
  "close_requested",
  "finalizer_failed",
  "cache_hit",
];
const RUN: RunIdentity = { id: "r1", name: "agent run", began: 0 };

// Chance may spell a word; the seed decides which chances are taken.
const AMOUNT = { seed: 37, numRuns: 150 };

interface Fed {
  readonly text: string;
  readonly type: unknown;
  readonly facts: unknown;
}

const anyFed: fc.Arbitrary<Fed> = anyPrivateText.chain((text) => {
  const hostile = hostileFormsOf(text);
  const tool = fc.record({ name: hostile, effect: hostile, providerExecuted: hostile });
  const field = (name: string) =>
    name === "tools" ? fc.oneof(hostile, fc.array(tool, { maxLength: 70 })) : hostile;
  const facts = fc.record(Object.fromEntries(FIELDS.map((name) => [name, field(name)])), {
    requiredKeys: [],
  });
  return fc.record({
    text: fc.constant(text),
    type: fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...TYPES) }, hostile),
    facts: fc.oneof({ weight: 8, arbitrary: facts }, hostile),
  });
});
const anyFeed = fc.array(anyFed, { minLength: 1, maxLength: 8 });

/** All that goes out of a run with this evidence. */
const outOf = (log: Pick<EvidenceLog, "evidence" | "omitted">, run: RunIdentity = RUN): string => {
  const record = { run, evidence: log.evidence(), omitted: log.omitted() };
  const incident = deriveIncident(record);
  const exported = incident && [toDocument([incident]), toJsonLine(incident), incident];
  return JSON.stringify([record, exported]);
};

const END: Evidence = {
  type: "run_ended",
  count: 1,
  source: "lifecycle",
  attempt: 0,
  facts: { end: { result: "failed", class: "error", confidence: "high", via: "error" } },
  redactions: [],
};

describe("rule 36: nothing private leaves the process", () => {
  test("whatever an application gives as evidence, none of it is in any export", () => {
    fc.assert(
      fc.property(anyFeed, (feed) => {
        const log = createEvidenceLog(tickingClock());
        // Bypasses the types, as JavaScript does.
        for (const { type, facts } of feed) log.note(type as string, facts as undefined);
        log.put(END);
        const out = outOf(log);
        const texts = feed.map(({ text }) => text);
        expect({ out: out.length < 200_000, leaks: leaksIn(out, texts) }).toEqual({
          out: true,
          leaks: [],
        });
      }),
      AMOUNT,
    );
  });

  test("whatever a journal or a file says, none of it is kept", () => {
    fc.assert(
      fc.property(
        anyPrivateText.chain((text) => {
          const hostile = hostileFormsOf(text);
          const action = fc.record({
            id: hostile,
            kind: hostile,
            operation: hostile,
            signal: hostile,
          });
          return fc.record({
            text: fc.constant(text),
            run: fc.record({ id: hostile, name: hostile, scopeKind: hostile, traceId: hostile }),
            evidence: fc.record({
              type: fc.oneof(fc.constantFrom("close_requested", "run_ended"), hostile),
              order: hostile,
              source: hostile,
              redactions: fc.array(hostile),
              facts: fc.record({
                tool: hostile,
                error: fc.record({ proof: hostile, name: hostile, causeCode: hostile }),
                boundary: fc.record({ exposed: hostile, tools: fc.array(hostile) }),
                end: fc.record({ result: fc.constant("failed"), missing: fc.array(hostile) }),
                close: fc.record({
                  class: fc.constant("user_cancel"),
                  actions: fc.array(action, { maxLength: 10 }),
                }),
              }),
            }),
          });
        }),
        ({ text, run, evidence }) => {
          // A digest has the form of a trace's id, and a UUID that of a run's.
          fc.pre(!isTraceId(text) && !isRunId(text));
          const log = createEvidenceLog(tickingClock());
          log.put(evidence as unknown as Evidence);
          log.put(END);
          const out = `${JSON.stringify(safeEvidence(evidence))}${outOf(log, safeRunIdentity(run))}`;
          expect(leaksIn(out, [text])).toEqual([]);
        },
      ),
      AMOUNT,
    );
  });

  test("whatever stands in an action, an end or an error, none of it is in evidence of our own", () => {
    fc.assert(
      fc.property(
        anyPrivateText.chain((text) => {
          const hostile = hostileFormsOf(text);
          const fields = ["id", "kind", "trigger", "operation", "signal", "initiator"];
          const more = ["scopeKind", "scopeKey", "traceId", "spanId", "parentId"];
          const action = fc.record(
            Object.fromEntries([...fields, ...more].map((name) => [name, hostile])),
            { requiredKeys: [] },
          );
          return fc.record({
            text: fc.constant(text),
            close: fc.record({
              class: fc.oneof(fc.constant("lifecycle_action"), hostile),
              actions: fc.oneof(fc.array(action, { maxLength: 10 }), hostile),
            }),
            end: fc.record({
              result: fc.oneof(fc.constant("interrupted"), hostile),
              class: fc.oneof(fc.constant("lifecycle_action"), hostile),
              confidence: hostile,
              via: hostile,
              missing: fc.array(hostile),
            }),
            thrown: fc.option(fc.record({ error: hostile }), { nil: undefined }),
            errorType: fc.option(fc.constant(text), { nil: undefined }),
          });
        }),
        ({ text, close, end, thrown, errorType }) => {
          // A digest has the form of a trace's id.
          fc.pre(!isTraceId(text));
          const place = { attempt: 0, order: 1, at: 1 };
          // Bypasses the types, as JavaScript does.
          const requested = requestFacts(close as never);
          const ended = endFacts({ end, thrown, errorType } as never);
          const own = [
            ownEvidence("close_requested", requested, place),
            ownEvidence("close_propagated", requested, { ...place, at: 2 }),
            ownEvidence("run_ended", ended, { ...place, order: 2, at: 3 }),
          ];
          const log = createEvidenceLog(tickingClock());
          for (const one of own) log.add(one);
          const alone = { evidence: () => own, omitted: () => NOTHING_OMITTED };
          const out =
            outOf(log) +
            outOf(alone) +
            JSON.stringify(judge({ evidence: own, omitted: NOTHING_OMITTED }));
          expect(leaksIn(out, [text])).toEqual([]);
        },
      ),
      AMOUNT,
    );
  });

  test("what was withheld of evidence of our own is named, and what was let through is as safe evidence is", () => {
    const action = { id: "no id", kind: "dispose", trigger: "http", operation: "/home/anna" };
    const requested = requestFacts({ class: "lifecycle_action", actions: [action as never] });
    const error = Object.assign(new Error("secret"), { name: "a b" });
    const end = { result: "failed", class: "error", confidence: "high", via: "error" } as const;
    const ended = endFacts({ end, thrown: { error }, errorType: undefined, closing: undefined });
    const place = { attempt: 1, order: 7, at: 8 };
    const own = [
      ownEvidence("close_requested", requested, place),
      ownEvidence("run_ended", ended, { ...place, order: undefined, at: undefined }),
    ];
    expect(own.map(({ redactions }) => redactions)).toEqual([
      ["action.id", "action.operation"],
      ["error.name"],
    ]);
    expect(own.map((one) => safeEvidence(one))).toEqual(own);
  });

  test.each([
    ["source", { source: "/home/anna" }, ["source"]],
    ["tool", { tool: "sk-proj-0123456789" }, ["tool"]],
    ["toolCallId", { toolCallId: "two words" }, ["tool_call"]],
    ["effect", { effect: "harmless" }, ["effect"]],
    ["providerExecuted", { providerExecuted: "yes" }, ["provider_executed"]],
    ["errorKind", { errorKind: "You have run out!" }, ["error_kind"]],
    ["status", { status: 1000 }, ["status"]],
    ["watchdog", { watchdog: "dog" }, ["watchdog"]],
    ["name", { name: "\u0000" }, ["name"]],
    ["durationMs", { durationMs: -1 }, ["duration"]],
    ["attempt", { attempt: 10_001 }, ["attempt"]],
    ["tools", { tools: "all" }, ["tools"]],
    [
      "a tool's name and effect",
      { tools: [{ name: "a b", effect: "no" }] },
      ["tools.effect", "tools.name"],
    ],
    ["a name of an error", { error: { name: "a b", code: "c d" } }, ["error.code", "error.name"]],
    [
      "a cause's name and code",
      { error: { name: "Error", cause: { name: "a b", code: "c d" } } },
      ["error.cause_code", "error.cause_name"],
    ],
    ["a field that nobody knows", { prompt: "tell me" }, ["other"]],
    ["no object at all", "tell me", ["other"]],
  ])("%s: what was withheld is named", (_, facts, redactions) => {
    const log = createEvidenceLog(tickingClock());
    log.note("cache_hit", facts as unknown as undefined);
    expect(log.evidence().map((one) => one.redactions)).toEqual([redactions]);
  });

  test("a type that is none is withheld, and named", () => {
    const log = createEvidenceLog(tickingClock());
    log.note("Tell me!", undefined);
    expect(log.evidence()).toMatchObject([{ type: "redacted", redactions: ["type"] }]);
  });
});

describe("the fuzzer itself", () => {
  test.each([
    ["whole", '{"tool":"sk-proj-abcdefghijkl"}'],
    ["cut", '{"tool":"sk-proj-abc"}'],
    ["from its middle", '{"tool":"abcdefghij"}'],
  ])("finds a secret that leaks %s", (_, out) => {
    expect(leaksIn(out, ["sk-proj-abcdefghijkl"])).toEqual(["sk-proj-abcdefghijkl"]);
  });

  test("finds what JSON had to escape", () => {
    const text = 'a "quoted"\nline\u0000';
    expect(leaksIn(JSON.stringify({ text }), [text])).toEqual([text]);
  });

  test("finds nothing where there is nothing", () => {
    expect(leaksIn('{"tool":"read_file"}', ["sk-proj-abcdefghijkl"])).toEqual([]);
  });
});
