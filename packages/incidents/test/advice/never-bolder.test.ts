import type { GapCode, IncidentCause, RetryRecommendation } from "@otel-lifecycle/incidents";
import fc from "fast-check";
import { expect, test } from "vitest";
import { adviceFor } from "../../src/advice/advice-for.ts";
import type { Told } from "../../src/told.ts";
import { told } from "../support/told.ts";

// How much is done without a user's word. An advice that is unknown leaves it to the user, too.
const BOLDNESS: Readonly<Record<RetryRecommendation, number>> = {
  auto_retry: 4,
  offer_continue: 3,
  offer_resume_with_confirmation: 2,
  ask_user_before_retry: 1,
  unknown: 1,
  do_not_retry: 0,
};

const CAUSES: readonly IncidentCause[] = [
  "provider_transport_disconnect",
  "provider_api_error",
  "local_lifecycle_close",
  "user_cancel",
  "watchdog_timeout",
  "request_setup_failure",
  "tool_execution_failure",
  "tool_execution_interrupted",
  "crash_or_restart_incomplete",
  "unknown_interruption",
];
const EFFECTS = ["read_only", "local_file_write", "local_process", "external", "unknown"] as const;
const GAPS: readonly GapCode[] = [
  "side_effect.boundary_unknown",
  "evidence.ordering_missing",
  "tool.materialization_missing",
  "tool_execution.start_missing",
  "tool_input.start_missing",
];

const effects = fc.uniqueArray(fc.constantFrom(...EFFECTS));
const few = fc.integer({ min: 0, max: 2 });
const anyTold: fc.Arbitrary<Told> = fc
  .record({
    cause: fc.constantFrom(...CAUSES),
    retryable: fc.constantFrom(true, false, undefined),
    stream: fc.record({ text: fc.boolean(), reasoning: fc.boolean() }),
    tools: fc.record({
      input_pending: few,
      not_executed: few,
      running: few,
      interrupted: few,
      completed: few,
      failed: few,
    }),
    side_effects: fc.record({
      happened: effects,
      pending: effects,
      boundary: fc.constantFrom("classified", "unclassified", "unknown"),
      provider_executed: fc.boolean(),
    }),
    gaps: fc.subarray([...GAPS]),
  })
  .map(({ retryable, ...differing }) =>
    told({ ...differing, ...(retryable !== undefined && { retryable }) }),
  );

type Worse = (told: Told) => Told;
const withFacts = (told: Told, facts: Partial<Told["facts"]>): Told => ({
  ...told,
  facts: { ...told.facts, ...facts },
});
const moreTools =
  (tool: keyof Told["facts"]["tools"]): Worse =>
  (told) =>
    withFacts(told, { tools: { ...told.facts.tools, [tool]: told.facts.tools[tool] + 1 } });
const moreEffects =
  (of: "happened" | "pending", effect: (typeof EFFECTS)[number]): Worse =>
  (told) => {
    const { side_effects, tools } = told.facts;
    const counted = of === "happened" ? "completed" : "not_executed";
    return withFacts(told, {
      side_effects: { ...side_effects, [of]: [...side_effects[of], effect] },
      tools: { ...tools, [counted]: tools[counted] + 1 },
    });
  };

const WORSE: Readonly<Record<string, Worse>> = {
  "one more input that is not finished": moreTools("input_pending"),
  "one more call of which no effect is known": moreTools("not_executed"),
  "one more running tool": moreTools("running"),
  "one more interrupted tool": moreTools("interrupted"),
  "one more completed tool": moreTools("completed"),
  "one more failed tool": moreTools("failed"),
  ...Object.fromEntries(
    EFFECTS.flatMap((effect) => [
      [`one more tool that did ${effect}`, moreEffects("happened", effect)],
      [`one more call that would do ${effect}`, moreEffects("pending", effect)],
    ]),
  ),
  "an effect less known": (told) => {
    const { side_effects } = told.facts;
    const happened = side_effects.happened.map((effect) =>
      effect === "read_only" ? "unknown" : effect,
    );
    return withFacts(told, { side_effects: { ...side_effects, happened } });
  },
  "a boundary less known": (told) => {
    const { side_effects } = told.facts;
    const boundary = side_effects.boundary === "classified" ? "unclassified" : "unknown";
    return withFacts(told, { side_effects: { ...side_effects, boundary } });
  },
  "tools that the provider executes": (told) =>
    withFacts(told, { side_effects: { ...told.facts.side_effects, provider_executed: true } }),
  ...Object.fromEntries(
    GAPS.map((gap) => [
      `the gap ${gap}`,
      (told: Told): Told => ({ ...told, gaps: [...told.gaps, gap] }),
    ]),
  ),
};

test.each(Object.entries(WORSE))("%s never makes the advice bolder", (_, worsen) => {
  fc.assert(
    fc.property(anyTold, (before) => {
      const [was, is] = [adviceFor(before), adviceFor(worsen(before))];
      expect(BOLDNESS[is.recommendation]).toBeLessThanOrEqual(BOLDNESS[was.recommendation]);
    }),
    { numRuns: 500 },
  );
});

test("a retry of itself is never advised where a tool did anything or text was seen", () => {
  fc.assert(
    fc.property(anyTold, (told) => {
      const { stream, tools, side_effects } = told.facts;
      const seen = Object.values(tools).some(Boolean) || side_effects.happened.length > 0;
      fc.pre(seen || stream.text || side_effects.provider_executed);
      expect(adviceFor(told).recommendation).not.toBe("auto_retry");
    }),
  );
});
