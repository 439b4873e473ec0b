import type { EvidenceFacts } from "@otel-lifecycle/api";
import { createEvidenceLog, type Evidence } from "@otel-lifecycle/incidents";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tickingClock } from "../support/ticking-clock.ts";

// FC_RUNS=20000 looks for some minutes.
const numRuns = Number(process.env["FC_RUNS"] ?? 100);
const LIMIT = 64;
const FAILURES = [
  "transport_failure",
  "provider_error",
  "watchdog_fired",
  "request_setup_failed",
  "tool_execution_failed",
];
const TERMINALS = [...FAILURES, "close_requested", "close_propagated", "run_ended"];
const CLEAN_UP = [
  "finalizer_started",
  "finalizer_completed",
  "finalizer_failed",
  "pending_tool_interrupted",
];
const OF_STREAM = [
  "attempt_started",
  "stream_opened",
  "provider_progress",
  "text_output_started",
  "reasoning_output_started",
  "stream_completed",
  "tool_input_started",
  "tool_input_completed",
  "tool_call_materialized",
  "transport_failure",
  "provider_error",
  "watchdog_fired",
  "request_setup_failed",
];
const EXECUTIONS = ["tool_execution_started", "tool_execution_completed"];
const KNOWN = [
  ...new Set([...TERMINALS, ...CLEAN_UP, ...OF_STREAM, ...EXECUTIONS, "side_effect_boundary"]),
];
const EFFECTS = ["read_only", "local_file_write", "local_process", "external", "unknown"] as const;

interface Step {
  readonly type: string;
  readonly facts: EvidenceFacts | undefined;
}

const anyName = fc.integer({ min: 0, max: 60 }).map((index) => `name-${index}`);
const anyStep: fc.Arbitrary<Step> = fc.record({
  type: fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...KNOWN) },
    { weight: 2, arbitrary: fc.constantFrom("tool_execution_started", "finalizer_started") },
    { weight: 1, arbitrary: fc.constantFrom("cache_hit", "step_begun", "queue_left") },
  ),
  facts: fc.option(
    fc.record(
      {
        name: anyName,
        tool: fc.constantFrom("read_file", "run_shell", "send_mail"),
        // Fewer than what is remembered of calls that have ended.
        toolCallId: fc.integer({ min: 0, max: 59 }).map((id) => `call_${id}`),
        effect: fc.constantFrom(...EFFECTS),
      },
      { requiredKeys: [] },
    ),
    { nil: undefined },
  ),
});
// Fewer than what is remembered of pieces that were taken out, so that each is known as a repeat.
const anySteps = fc.array(anyStep, { minLength: 1, maxLength: 300, size: "max" });

interface Piece {
  readonly id: string;
  readonly order: number;
  readonly type: string;
  readonly attempt: number;
  readonly effect: string | undefined;
  count: number;
}

/** Keeps everything. */
const everything = (steps: readonly Step[]): readonly Piece[] => {
  const pieces = new Map<string, Piece>();
  let attempt = 0;
  for (const { type, facts } of steps) {
    if (type === "attempt_started") attempt += 1;
    const started = type === "tool_execution_started" ? "unknown" : undefined;
    const effect = facts?.effect ?? started;
    const { name, tool, toolCallId } = facts ?? {};
    const id = JSON.stringify([type, attempt, name, tool, toolCallId, effect]);
    const known = pieces.get(id);
    if (known) known.count += 1;
    else pieces.set(id, { id, order: pieces.size + 1, type, attempt, effect, count: 1 });
  }
  return [...pieces.values()];
};

/** What is never taken out, whatever comes: the rules, one a line. */
const guaranteed = (pieces: readonly Piece[]): ReadonlySet<number> => {
  const attempt = pieces.findLast(({ type }) => type === "attempt_started")?.attempt ?? 0;
  const ofLast = pieces.filter((piece) => piece.attempt === attempt);
  const only = (types: readonly string[], from = pieces) =>
    from.filter(({ type }) => types.includes(type));
  return new Set(
    [
      ...only(["close_requested"]).slice(0, 1),
      ...only(FAILURES, ofLast).slice(0, 1),
      ...only(["run_ended"]).slice(-1),
      ...only(["side_effect_boundary"]).slice(-1),
      ...only(TERMINALS).slice(-8),
      ...only(CLEAN_UP).slice(-8),
      ...KNOWN.flatMap((type) => only([type]).slice(0, 1)),
      ...OF_STREAM.flatMap((type) => only([type], ofLast).slice(0, 1)),
    ].map(({ order }) => order),
  );
};

const logOf = (steps: readonly Step[]) => {
  const log = createEvidenceLog(tickingClock());
  for (const { type, facts } of steps) log.note(type, facts);
  return log;
};
const ordersOf = (evidence: readonly Evidence[]) => evidence.map(({ order }) => order);

describe("rule 29: whatever is recorded, the bound keeps what decides", () => {
  test("at most 64 are kept, in order, and 64 if there were as many", () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const pieces = everything(steps);
        const orders = ordersOf(logOf(steps).evidence());
        expect(orders).toEqual([...orders].sort((a, b) => Number(a) - Number(b)));
        expect(orders.length).toBe(Math.min(LIMIT, pieces.length));
      }),
      { numRuns },
    );
  });

  test("what initiated, what is terminal, the newest anchors and the first of each type stay", () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const orders = new Set(ordersOf(logOf(steps).evidence()));
        const lost = [...guaranteed(everything(steps))].filter((order) => !orders.has(order));
        expect(lost).toEqual([]);
      }),
      { numRuns },
    );
  });

  test("kept and omitted together are all distinct pieces, of each type and in each place", () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const log = logOf(steps);
        const kept = new Set(ordersOf(log.evidence()));
        const out = everything(steps).filter(({ order }) => !kept.has(order));
        const byType: Record<string, number> = {};
        const gaps = new Map<number | undefined, number>();
        for (const { type, order } of out) {
          byType[type] = (byType[type] ?? 0) + 1;
          const after = [...kept].findLast((one) => Number(one) < order);
          gaps.set(after, (gaps.get(after) ?? 0) + 1);
        }
        expect(log.omitted()).toEqual({
          total: out.length,
          byType,
          effects: EFFECTS.filter((effect) =>
            out.some((one) => one.type.startsWith("tool_execution_") && one.effect === effect),
          ),
          gaps: [...gaps].map(([after, count]) => ({ after, count })),
        });
      }),
      { numRuns },
    );
  });

  test("what is kept says how often it was said", () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        const counts = new Map(everything(steps).map(({ order, count }) => [order, count]));
        for (const { order, count } of logOf(steps).evidence()) {
          expect({ order, count }).toEqual({ order, count: counts.get(Number(order)) });
        }
      }),
      { numRuns },
    );
  });
});

describe("rule 29: tables at the bound", () => {
  const filled = (distinct: number) =>
    logOf(
      Array.from({ length: distinct }, (_, index) => ({
        type: "cache_hit",
        facts: { name: `name-${index}` },
      })),
    );

  test("64 pieces are kept", () => {
    expect(filled(64).evidence().length).toBe(64);
    expect(filled(64).omitted().total).toBe(0);
  });

  test("of 65 the oldest that was not the first of its type is omitted, in its place", () => {
    const log = filled(65);
    expect(ordersOf(log.evidence()).slice(0, 3)).toEqual([1, 3, 4]);
    expect(log.omitted()).toEqual({
      total: 1,
      byType: { cache_hit: 1 },
      effects: [],
      gaps: [{ after: 1, count: 1 }],
    });
  });

  test("5,000 clean-up events after the terminal one push out neither it nor what came before", () => {
    const log = createEvidenceLog(tickingClock());
    log.note("attempt_started", undefined);
    log.note("text_output_started", undefined);
    log.note("transport_failure", { error: Object.assign(new Error("x"), { code: "ECONNRESET" }) });
    for (let index = 0; index < 5000; index += 1) {
      log.note("finalizer_started", { name: `worker-${index}` });
    }
    expect(ordersOf(log.evidence()).slice(0, 4)).toEqual([1, 2, 3, 4]);
    expect(log.evidence().at(-1)?.facts.name).toBe("worker-4999");
    expect(log.omitted()).toEqual({
      total: 4939,
      byType: { finalizer_started: 4939 },
      effects: [],
      gaps: [{ after: 4, count: 4939 }],
    });
  });

  test("5,000 failures of retried attempts push out neither who asked nor the first of them", () => {
    const log = createEvidenceLog(tickingClock());
    log.note("side_effect_boundary", { tools: [{ name: "read_file", effect: "read_only" }] });
    log.put({
      type: "close_requested",
      order: 2,
      count: 1,
      source: "lifecycle",
      attempt: 0,
      facts: { close: { class: "user_cancel", actions: [] } },
      redactions: [],
    });
    for (let index = 0; index < 5000; index += 1) {
      log.note("attempt_started", undefined);
      log.note("transport_failure", undefined);
    }
    const types = log.evidence().map(({ type, attempt }) => `${type} ${attempt}`);
    expect(types.slice(0, 4)).toEqual([
      "side_effect_boundary 0",
      "close_requested 0",
      "attempt_started 1",
      "transport_failure 1",
    ]);
    expect(types.slice(-2)).toEqual(["attempt_started 5000", "transport_failure 5000"]);
  });

  test("an execution that has not ended stays before those that have", () => {
    const log = createEvidenceLog(tickingClock());
    log.note("tool_execution_started", { toolCallId: "first", effect: "read_only" });
    log.note("tool_execution_started", { toolCallId: "runs", effect: "external" });
    for (let index = 0; index < 200; index += 1) {
      log.note("tool_execution_started", { toolCallId: `call_${index}`, effect: "local_process" });
      log.note("tool_execution_completed", { toolCallId: `call_${index}` });
    }
    expect(log.evidence().some(({ facts }) => facts.toolCall === 2)).toBe(true);
    expect(log.omitted().effects).toEqual(["local_process"]);
  });

  test("that a tool with an effect outside was executed is never forgotten", () => {
    const log = createEvidenceLog(tickingClock());
    log.note("tool_execution_started", { toolCallId: "a", effect: "read_only" });
    log.note("tool_execution_started", { toolCallId: "b", effect: "external" });
    log.note("tool_execution_completed", { toolCallId: "b" });
    for (let index = 0; index < 100; index += 1) log.note("cache_hit", { name: `name-${index}` });
    expect(log.evidence().some(({ facts }) => facts.effect === "external")).toBe(false);
    expect(log.omitted().effects).toEqual(["external"]);
  });

  test("a repeat of what was taken out is not omitted once more", () => {
    const log = filled(65);
    for (let index = 0; index < 1000; index += 1) log.note("cache_hit", { name: "name-1" });
    expect(log.omitted().total).toBe(1);
  });
});
