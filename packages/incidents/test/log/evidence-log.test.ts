import type { EvidenceFacts } from "@otel-lifecycle/api";
import { createEvidenceLog, type Evidence, type EvidenceLog } from "@otel-lifecycle/incidents";
import { describe, expect, test } from "vitest";
import { tickingClock } from "../support/ticking-clock.ts";

/** What is kept of these, one after the other. */
const kept = (...notes: readonly (readonly [string, EvidenceFacts?])[]) => {
  const log = createEvidenceLog(tickingClock());
  for (const [type, facts] of notes) log.note(type, facts);
  return log.evidence();
};

describe("rule 28: evidence is appended, never overwritten", () => {
  test("each piece has its order, its time, its source and its attempt", () => {
    const log = createEvidenceLog(tickingClock());
    log.note("attempt_started", { source: "provider_stream" });
    log.note("text_output_started", undefined);
    expect(log.evidence()).toEqual([
      {
        type: "attempt_started",
        order: 1,
        at: 10,
        count: 1,
        source: "provider_stream",
        attempt: 1,
        facts: {},
        redactions: [],
      },
      {
        type: "text_output_started",
        order: 2,
        at: 20,
        count: 1,
        source: "application",
        attempt: 1,
        facts: {},
        redactions: [],
      },
    ]);
  });

  test("rule 29: a repeat is counted on the first record, takes no order, and says when last", () => {
    const log = createEvidenceLog(tickingClock());
    for (let index = 0; index < 20_000; index += 1) log.note("text_output_started", undefined);
    log.note("stream_completed", undefined);
    expect(
      log.evidence().map(({ type, order, count, at, lastAt }) => [type, order, count, at, lastAt]),
    ).toEqual([
      ["text_output_started", 1, 20_000, 10, 200_000],
      ["stream_completed", 2, 1, 200_010, undefined],
    ]);
    expect(log.omitted()).toEqual({ total: 0, byType: {}, effects: [], gaps: [] });
  });
});

describe("rule 28: repeats", () => {
  test.each([
    ["the tool", { tool: "read_file" }, { tool: "write_file" }],
    ["the call", { toolCallId: "a" }, { toolCallId: "b" }],
    ["the name", { name: "cache" }, { name: "socket" }],
    ["the source", { source: "cache" }, { source: "socket" }],
    ["the attempt", { attempt: 1 }, { attempt: 2 }],
    ["the effect", { effect: "external" }, { effect: "read_only" }],
    ["the executor", { providerExecuted: true }, { providerExecuted: false }],
    ["the kind of an error", { errorKind: "overloaded" }, { errorKind: "rate_limit" }],
    ["the status", { status: 500 }, { status: 503 }],
    ["the watchdog", { watchdog: "connect" }, { watchdog: "silent_stream" }],
    ["the error", { error: new TypeError("x") }, { error: new RangeError("x") }],
    ["the tools", { tools: [] }, { tools: [{ name: "read_file" }] }],
  ] satisfies readonly [string, EvidenceFacts, EvidenceFacts][])(
    "what differs in %s is another piece, what does not is a repeat",
    (_, first, second) => {
      expect(
        kept(
          ["cache_hit"],
          ["cache_hit", first],
          ["cache_hit", second],
          ["cache_hit", { ...first, durationMs: 7 }],
          ["cache_hit", second],
          ["cache_hit"],
        ).map(({ count }) => count),
      ).toEqual([2, 2, 2]);
    },
  );

  test("an effect that is given, and the same that is filled in, are the same", () => {
    const facts = { tool: "read_file", name: "cache" };
    expect(
      kept(
        ["tool_execution_started", { ...facts, effect: "unknown", providerExecuted: true }],
        ["tool_execution_started", { ...facts, providerExecuted: true }],
      ).map(({ count }) => count),
    ).toEqual([2]);
  });

  test("an execution whose effect is not known is the same, whether that was said or not", () => {
    const of = { tool: "read_file", name: "cache", toolCallId: "a" };
    const started = "tool_execution_started";
    const records = kept([started, { ...of, effect: "unknown" }], [started, of], [started, of]);
    expect(records.map(({ count }) => count)).toEqual([3]);
  });

  test("of errors, two with the same names and codes are the same", () => {
    const broken = () => Object.assign(new Error("x"), { code: "ECONNRESET" });
    expect(
      kept(["transport_failure", { error: broken() }], ["transport_failure", { error: broken() }]),
    ).toMatchObject([{ count: 2, facts: { error: { code: "ECONNRESET" } } }]);
  });

  test("a repeat of which something else is withheld is named on the first record", () => {
    expect(
      kept(["cache_hit", { name: "cache" }], ["cache_hit", { name: "cache", status: -1 }]),
    ).toMatchObject([{ count: 2, redactions: ["status"] }]);
  });

  test("a getter that throws, or a proxy that does, costs its field and nothing else", () => {
    const facts = {
      tool: "read_file",
      get name(): string {
        throw new Error("hostile");
      },
    };
    expect(kept(["cache_hit", facts], ["cache_hit", facts])).toMatchObject([
      { count: 2, facts: { tool: "read_file" } },
    ]);
  });
});

describe("rule 28: attempts", () => {
  test("each start is another attempt, and what follows belongs to it", () => {
    expect(
      kept(
        ["request_setup_failed"],
        ["attempt_started"],
        ["text_output_started"],
        ["attempt_started"],
        ["text_output_started"],
        ["text_output_started"],
      ).map(({ type, attempt, count }) => [type, attempt, count]),
    ).toEqual([
      ["request_setup_failed", 0, 1],
      ["attempt_started", 1, 1],
      ["text_output_started", 1, 1],
      ["attempt_started", 2, 1],
      ["text_output_started", 2, 2],
    ]);
  });

  test("one that is given is taken, up to 10,000", () => {
    expect(
      kept(
        ["attempt_started", { attempt: 10_000 }],
        ["text_output_started"],
        ["attempt_started", { attempt: 10_001 }],
        ["cache_hit", { attempt: 3 }],
      ).map(({ attempt, count, redactions }) => [attempt, count, redactions]),
    ).toEqual([
      [10_000, 2, ["attempt"]],
      [10_000, 1, []],
      [3, 1, []],
    ]);
  });
});

describe("rule 28: tools", () => {
  test("calls have numbers from 1, and their ids are nowhere", () => {
    const evidence = kept(
      ["tool_execution_started", { toolCallId: "call_private_a" }],
      ["tool_execution_started", { toolCallId: "call_private_b" }],
      ["tool_execution_completed", { toolCallId: "call_private_a" }],
    );
    expect(evidence.map(({ facts }) => facts.toolCall)).toEqual([1, 2, 1]);
    expect(JSON.stringify(evidence)).not.toContain("private");
  });

  const callAfter = (others: number) => {
    const log = createEvidenceLog(tickingClock());
    log.note("tool_input_started", { toolCallId: "first" });
    for (let index = 0; index < others; index += 1) {
      log.note("tool_input_started", { toolCallId: `call_${index}` });
    }
    log.note("tool_input_completed", { toolCallId: "first" });
    return log.evidence().at(-1)?.facts.toolCall;
  };

  test("256 open calls are remembered; of 257 the oldest comes back as another", () => {
    expect([callAfter(255), callAfter(256)]).toEqual([1, 258]);
  });

  test("an execution has the effect that it is given, else the tool's that was exposed, else none", () => {
    const tools = [{ name: "mail", effect: "external", providerExecuted: true }] as const;
    expect(
      kept(
        ["tool_execution_started", { tool: "mail" }],
        ["side_effect_boundary", { tools }],
        ["tool_execution_started", { tool: "mail" }],
        ["tool_execution_started", { tool: "mail", effect: "read_only", providerExecuted: false }],
        ["tool_execution_started", { tool: "read_file" }],
        ["tool_input_started", { tool: "mail" }],
      ).map(({ facts: { effect, providerExecuted } }) => [effect, providerExecuted]),
    ).toEqual([
      ["unknown", undefined],
      [undefined, undefined],
      ["external", true],
      ["read_only", false],
      ["unknown", undefined],
      [undefined, undefined],
    ]);
  });

  test("64 exposed tools are kept, all are counted", () => {
    const exposing = (count: number) =>
      kept([
        "side_effect_boundary",
        { tools: Array.from({ length: count }, (_, index) => ({ name: `tool-${index}` })) },
      ]).map(({ facts: { boundary } }) => [boundary?.exposed, boundary?.tools.length]);
    expect([exposing(64), exposing(65)]).toEqual([[[64, 64]], [[65, 64]]]);
  });
});

describe("rule 29: what comes from outside through the recorder", () => {
  test("stands in its place by order, though it comes later", () => {
    const log = createEvidenceLog(tickingClock());
    log.note("cache_hit", undefined);
    log.note("text_output_started", undefined);
    log.put({
      type: "close_requested",
      order: 1,
      at: 5,
      count: 1,
      source: "lifecycle",
      attempt: 0,
      facts: { close: { class: "timeout", actions: [] } },
      redactions: [],
    });
    expect(log.evidence().map(({ type }) => type)).toEqual([
      "cache_hit",
      "close_requested",
      "text_output_started",
    ]);
  });

  const REQUESTED: Evidence = {
    type: "close_requested",
    count: 1,
    source: "lifecycle",
    attempt: 0,
    facts: { close: { class: "timeout", actions: [] } },
    redactions: [],
  };
  const momentsOf = (log: EvidenceLog) =>
    log.evidence().map(({ type, order, at, lastAt, count }) => [type, order, at, lastAt, count]);

  test("a repeat that was initiated before what is kept gives it its place and time", () => {
    const log = createEvidenceLog(tickingClock());
    log.note("cache_hit", undefined);
    log.note("text_output_started", undefined);
    log.put({ ...REQUESTED, order: 4, at: 40 });
    log.put({ ...REQUESTED, order: 1, at: 5 });
    expect(momentsOf(log)).toEqual([
      ["cache_hit", 1, 10, undefined, 1],
      ["close_requested", 1, 5, 40, 2],
      ["text_output_started", 2, 20, undefined, 1],
    ]);
  });

  test("a repeat that was initiated at the same place or later moves nothing", () => {
    const log = createEvidenceLog(tickingClock());
    log.put({ ...REQUESTED, order: 1, at: 5 });
    log.note("cache_hit", undefined);
    log.put({ ...REQUESTED, order: 1, at: 4 });
    log.put({ ...REQUESTED, order: 9, at: 90 });
    expect(momentsOf(log)).toEqual([
      ["close_requested", 1, 5, 90, 3],
      ["cache_hit", 1, 10, undefined, 1],
    ]);
  });

  test("what was taken out around one that moves stays omitted where it was", () => {
    const log = createEvidenceLog(tickingClock());
    for (let index = 0; index < 80; index += 1) log.note(`own_${index}`, undefined);
    log.put({ ...REQUESTED, order: 200, at: 2_000 });
    for (let index = 0; index < 80; index += 1) log.note(`later_${index}`, undefined);
    const { total, gaps } = log.omitted();
    log.put({ ...REQUESTED, order: 1, at: 5 });
    expect(log.evidence()).toHaveLength(64);
    expect(log.evidence()[0]).toMatchObject({ type: "own_0", order: 1 });
    expect(log.evidence()[1]).toMatchObject({ type: "close_requested", order: 1 });
    expect(log.omitted().total).toBe(total);
    expect(sum(log.omitted().gaps)).toBe(sum(gaps));
  });

  const sum = (gaps: readonly { readonly count: number }[]): number =>
    gaps.reduce((all, { count }) => all + count, 0);
});
