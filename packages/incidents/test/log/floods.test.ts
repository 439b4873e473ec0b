import type { EvidenceFacts } from "@otel-lifecycle/api";
import { createEvidenceLog, deriveIncident, type RunIncident } from "@otel-lifecycle/incidents";
import { describe, expect, test } from "vitest";
import { KNOWN_TYPES } from "../../src/sanitise/vocabulary.ts";
import { tickingClock } from "../support/ticking-clock.ts";

const FLOOD = 200;
const READ = { name: "read_file", effect: "read_only" } as const;

/** Pieces of one type, no two of which are the same. */
const flood = (type: string): readonly Note[] =>
  Array.from({ length: FLOOD }, (_, index): Note => {
    if (type === "side_effect_boundary")
      return [type, { tools: [READ, { name: `read-${index}` }] }];
    return [type, { name: `name-${index}`, tool: `tool-${index}`, toolCallId: `call-${index}` }];
  });

type Note = readonly [type: string, facts?: EvidenceFacts];

/** The log and the incident of a run that ended with an error after this. */
const recorded = (...notes: readonly Note[]) => {
  const clock = tickingClock();
  const log = createEvidenceLog(clock);
  for (const [type, facts] of notes) log.note(type, facts);
  log.put({
    type: "run_ended",
    order: clock.order(),
    at: clock.now(),
    count: 1,
    source: "lifecycle",
    attempt: 0,
    facts: { end: { result: "failed", class: "error", confidence: "high", via: "error" } },
    redactions: [],
  });
  const [evidence, omitted] = [log.evidence(), log.omitted()];
  const incident = deriveIncident({ run: { name: "agent run" }, evidence, omitted });
  return { evidence, omitted, incident };
};

const BEFORE: readonly Note[] = [
  ["side_effect_boundary", { tools: [{ name: "send_mail", effect: "external" }] }],
  ["attempt_started"],
  ["side_effect_boundary", { tools: [READ] }],
];
const FAILED: Note = ["provider_error", { errorKind: "overloaded", name: "first" }];

// After these a run goes on, and no failure before them stands.
const GOING_ON: readonly string[] = [
  "attempt_started",
  "provider_progress",
  "text_output_started",
  "reasoning_output_started",
  "tool_input_started",
  "tool_input_completed",
  "tool_call_materialized",
  "tool_execution_started",
];
const TYPES = [...Object.keys(KNOWN_TYPES), "of_its_own"].filter((type) => type !== "run_ended");
const isFirst = (incident: RunIncident | undefined) =>
  incident?.evidence.some(({ role, name }) => role === "initiating" && name === "first");

describe("rule 29: a flood pushes out nothing that decides", () => {
  test.each(TYPES.filter((type) => !GOING_ON.includes(type)))(
    "the first failure stays the cause, in the log and in the export, before a flood of %s",
    (type) => {
      const { evidence, incident } = recorded(...BEFORE, FAILED, ...flood(type));
      expect(evidence.length).toBe(64);
      expect(evidence.some(({ facts }) => facts.name === "first")).toBe(true);
      expect([incident?.cause, incident?.evidence.length]).toEqual(["provider_api_error", 24]);
      expect(isFirst(incident)).toBe(true);
    },
  );

  test.each(TYPES.filter((type) => type !== "attempt_started"))(
    "the first failure after a flood of %s is the cause",
    (type) => {
      const { incident } = recorded(...BEFORE, ...flood(type), ["attempt_started"], FAILED, [
        "transport_failure",
        { name: "second" },
      ]);
      expect(incident?.cause).toBe("provider_api_error");
      expect(isFirst(incident)).toBe(true);
    },
  );

  test.each(TYPES.filter((type) => type !== "side_effect_boundary"))(
    "the newest boundary stays before a flood of %s",
    (type) => {
      const { evidence, incident } = recorded(...BEFORE, ...flood(type));
      const boundaries = evidence.filter((one) => one.type === "side_effect_boundary");
      expect(boundaries.at(-1)?.facts.boundary?.tools).toEqual([
        { ...READ, providerExecuted: false },
      ]);
      expect(incident?.facts.side_effects).toMatchObject({ boundary: "classified", exposed: 1 });
      const exported = incident?.evidence.filter((one) => one.type === "side_effect_boundary");
      expect(exported?.at(-1)?.order).toBe(3);
    },
  );

  test("64 types are counted apart, further ones together", () => {
    const types = [..."abcdefghijklmn"].flatMap((a) =>
      [..."abcdefghij"].map((b) => `own_${a}${b}`),
    );
    const { byType } = recorded(...types.map((type): Note => [type])).omitted;
    // Of 140, and the end, 64 are kept.
    expect([Object.keys(byType).length, byType["_other"]]).toEqual([65, 141 - 64 - 64]);
  });

  test("the effect of a call that was never executed is not among those that happened", () => {
    const call = (_: unknown, index: number): Note => [
      "tool_call_materialized",
      { toolCallId: `call-${index}`, effect: "external" },
    ];
    expect(recorded(...Array.from({ length: FLOOD }, call)).omitted.effects).toEqual([]);
  });

  test("who asked stays, though an application said the word before", () => {
    const log = createEvidenceLog(tickingClock());
    log.note("close_requested", { name: "of_its_own" });
    log.put({
      type: "close_requested",
      order: 2,
      count: 1,
      source: "lifecycle",
      attempt: 0,
      facts: { close: { class: "user_cancel", actions: [] } },
      redactions: [],
    });
    for (const [type, facts] of flood("transport_failure")) log.note(type, facts);
    expect(log.evidence().some(({ facts }) => facts.close?.class === "user_cancel")).toBe(true);
  });

  test("of a flood of boundaries the newest stays, and that there were others", () => {
    const { evidence, omitted, incident } = recorded(...BEFORE, ...flood("side_effect_boundary"));
    expect(evidence.at(-2)?.facts.boundary?.tools[1]?.name).toBe(`read-${FLOOD - 1}`);
    expect(omitted.byType).toEqual({ side_effect_boundary: FLOOD + 4 - 64 });
    expect(incident?.facts.side_effects.boundary).toBe("unclassified");
  });

  test.each(TYPES)("kept and omitted are all there were, of a flood of %s", (type) => {
    const { evidence, omitted, incident } = recorded(...BEFORE, ...flood(type));
    expect(evidence.length + omitted.total).toBe(BEFORE.length + FLOOD + 1);
    expect(omitted.gaps.reduce((sum, { count }) => sum + count, 0)).toBe(omitted.total);
    const exported = incident?.evidence ?? [];
    const before = exported.reduce((sum, { omitted_before = 0 }) => sum + omitted_before, 0);
    expect(exported.length).toBe(24);
    expect(incident?.omitted.total).toBe(BEFORE.length + FLOOD + 1 - 24);
    // The last that is exported is the end, so that all gaps are before something.
    expect(before).toBe(incident?.omitted.total);
    expect(exported.at(-1)).toMatchObject({ type: "run_ended", order: BEFORE.length + FLOOD + 1 });
  });
});
