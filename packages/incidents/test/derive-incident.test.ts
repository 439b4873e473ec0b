import {
  deriveIncident,
  type Evidence,
  NOTHING_OMITTED,
  type RunRecord,
} from "@otel-lifecycle/incidents";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { anyEvidence, anyRecord } from "./support/any-record.ts";
import {
  by,
  byAction,
  causeOf,
  ended,
  incidentOf,
  inTurn,
  propagated,
  requested,
} from "./support/tell.ts";

describe("an incident", () => {
  test("tells all that is known of a run that broke off", () => {
    const evidence = inTurn([
      "attempt_started",
      { type: "text_output_started", count: 3, lastAt: 29, source: "provider_stream" },
      { type: "transport_failure", error: { proof: "upstream_disconnect", code: "ECONNRESET" } },
      { type: "finalizer_completed", name: "close_file", durationMs: 2.5, redactions: ["tool"] },
      ended("upstream_disconnect", { error: { proof: "upstream_disconnect", code: "ECONNRESET" } }),
    ]);
    const incident = deriveIncident({
      run: {
        id: "run-1",
        name: "agent run",
        traceId: "0af7651916cd43dd8448eb211c80319c",
        spanId: "b7ad6b7169203331",
        scopeKind: "directory",
        scopeKey: "00000000000000c3",
        startedAt: 1_700_000_000_000,
        endedAt: 1_700_000_000_050.9,
        began: 5,
        redactions: ["name"],
      },
      evidence,
      omitted: {
        total: 4,
        byType: { of_its_own: 4 },
        effects: [],
        gaps: [
          { after: undefined, count: 1 },
          { after: 2, count: 3 },
        ],
      },
    });
    const { retry, summary, classification, summary_key, retry_safety, ...told } = incident ?? {};
    expect(told).toEqual({
      schema_version: 1,
      incident_id: "incident:0af7651916cd43dd8448eb211c80319c:b7ad6b7169203331",
      run: {
        id: "run-1",
        name: "agent run",
        trace_id: "0af7651916cd43dd8448eb211c80319c",
        span_id: "b7ad6b7169203331",
        scope_kind: "directory",
        scope_key: "00000000000000c3",
        started_at: "2023-11-14T22:13:20.000Z",
        ended_at: "2023-11-14T22:13:20.050Z",
      },
      result: "failed",
      close: { class: "upstream_disconnect", confidence: "high", via: "registry" },
      cause: "provider_transport_disconnect",
      subcause: "during_text_generation",
      phases: { run: "streaming", stream: "text_generation", tool: "none" },
      facts: {
        attempts: 1,
        terminal_attempt: 1,
        stream: { opened: true, progress: true, text: true, reasoning: false, completed: false },
        tools: {
          input_pending: 0,
          not_executed: 0,
          running: 0,
          interrupted: 0,
          completed: 0,
          failed: 0,
        },
        side_effects: { happened: [], pending: [], boundary: "unknown", provider_executed: false },
        finalizers: { completed: 1, failed: 0, pending: 0 },
        retryable: true,
      },
      chain: { actions: [], gaps: [] },
      gaps: ["side_effect.boundary_unknown"],
      affected_directory_keys: ["00000000000000c3"],
      evidence: [
        {
          order: 2,
          type: "attempt_started",
          source: "test",
          attempt: 1,
          time: 0.005,
          omitted_before: 1,
        },
        {
          order: 3,
          type: "text_output_started",
          source: "provider_stream",
          attempt: 1,
          time: 0.015,
          count: 3,
        },
        {
          order: 7,
          type: "transport_failure",
          source: "test",
          attempt: 1,
          time: 0.025,
          role: "initiating",
          error: { proof: "upstream_disconnect", code: "ECONNRESET" },
          omitted_before: 3,
        },
        {
          order: 8,
          type: "finalizer_completed",
          source: "test",
          attempt: 1,
          time: 0.035,
          name: "close_file",
          duration: 0.0025,
          redactions: ["tool"],
        },
        {
          order: 9,
          type: "run_ended",
          source: "test",
          attempt: 1,
          time: 0.045,
          role: "terminal",
          error: { proof: "upstream_disconnect", code: "ECONNRESET" },
        },
      ],
      omitted: { total: 4, by_type: { of_its_own: 4 } },
      redactions: ["evidence.tool", "run.name"],
    });
  });

  test.each([
    [{ traceId: "a", spanId: "b", id: "c" }, "incident:a:b"],
    [{ traceId: "a", id: "c" }, "incident:c"],
    [{}, "incident:unknown"],
  ])("of the run %o has the id %s", (run, id) => {
    expect(incidentOf([ended("error")], { run })?.incident_id).toBe(id);
  });

  test.each([
    ["0000-01-01T00:00:00.000Z", "0000-01-01T00:00:00Z", 0],
    [undefined, "0000-01-01T00:00:00Z", -1],
    ["9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z", 0],
    [undefined, "9999-12-31T23:59:59.999Z", 1],
  ])("began at %s, by %s and %i ms", (expected, date, more) => {
    const run = { startedAt: Date.parse(date) + more };
    expect(incidentOf([ended("error")], { run })?.run.started_at).toBe(expected);
  });
});

test("evidence of a close says which action asked, or which class of close it was", () => {
  const incident = incidentOf([
    requested(byAction("reload")),
    propagated(byAction("reload")),
    requested(by("user_cancel")),
    ended("lifecycle_action", byAction("reload")),
  ]);
  const reload = { class: "lifecycle_action", action_id: "reload-1", action_kind: "reload" };
  expect(incident?.evidence.map(({ type, close }) => [type, close])).toEqual([
    ["close_requested", reload],
    ["close_propagated", reload],
    ["close_requested", { class: "user_cancel" }],
    ["run_ended", reload],
  ]);
});

describe("there is none", () => {
  test.each([
    ["of a run that completed", [{ type: "run_ended", end: { result: "completed" } }]],
    [
      "of one that completed though something broke and asked",
      [
        requested(by("user_cancel")),
        "transport_failure",
        { type: "run_ended", end: { result: "completed" } },
      ],
    ],
    ["where nothing is known", []],
    ["of a run of which nothing says that it ended", ["attempt_started", "text_output_started"]],
    ["nor if it went on after what broke", ["transport_failure", "attempt_started"]],
  ] as const)("%s", (_title, told) => {
    expect(incidentOf(told)).toBeUndefined();
  });
});

describe("where no end was recorded, what came first stands for one", () => {
  test.each([
    [
      "an action",
      [requested(byAction("reload"))],
      "lifecycle_action",
      "interrupted",
      "local_lifecycle_close.reload",
    ],
    [
      "an action of which the run was told",
      [propagated(byAction("reload"))],
      "lifecycle_action",
      "interrupted",
      "local_lifecycle_close.reload",
    ],
    [
      "a cancel before a failure",
      [requested(by("user_cancel")), "provider_error"],
      "user_cancel",
      "interrupted",
      "user_cancel",
    ],
    [
      "a failure before a cancel",
      ["provider_error", requested(by("user_cancel"))],
      "error",
      "failed",
      "provider_api_error",
    ],
    [
      "a broken connection",
      ["transport_failure"],
      "upstream_disconnect",
      "failed",
      "provider_transport_disconnect.before_first_provider_progress",
    ],
    [
      "one that never stood",
      [{ type: "transport_failure", error: { proof: "error" } }],
      "error",
      "failed",
      "provider_transport_disconnect.before_first_provider_progress",
    ],
    [
      "an abort of somebody's",
      [{ type: "transport_failure", error: { proof: "aborted" } }],
      "unknown_scope_close",
      "interrupted",
      "local_lifecycle_close.unknown_lifecycle_close",
    ],
    ["a watchdog", ["watchdog_fired"], "timeout", "failed", "watchdog_timeout.unknown"],
    ["a set-up that failed", ["request_setup_failed"], "error", "failed", "request_setup_failure"],
    [
      "a tool that was interrupted",
      ["tool_execution_started", "pending_tool_interrupted"],
      "unknown_scope_close",
      "interrupted",
      "tool_execution_interrupted",
    ],
  ] as const)("%s", (_title, told, closeClass, result, cause) => {
    expect(causeOf(told)).toBe(cause);
    expect(incidentOf(told)).toMatchObject({
      result,
      close: { class: closeClass, confidence: "low" },
    });
  });

  test.each([
    ["failed", "error"],
    ["interrupted", "unknown_scope_close"],
    ["lost", "process_lost"],
  ] as const)("of an end that says %s alone the class is %s", (result, closeClass) => {
    const incident = incidentOf([{ type: "run_ended", end: { result } }]);
    expect(incident).toMatchObject({ result, close: { class: closeClass, confidence: "low" } });
  });
});

describe("whatever it is given", () => {
  test("nothing is thrown, and a run that ended and did not complete has an incident", () => {
    fc.assert(
      fc.property(anyRecord, (record) => {
        const incident = deriveIncident(record);
        const end = record.evidence.filter(({ type }) => type === "run_ended");
        const isOver =
          end.length > 0 && end.every(({ facts }) => facts.end?.result !== "completed");
        if (isOver) expect(incident).toBeDefined();
      }),
      { numRuns: 1_000 },
    );
  });

  test("the same evidence gives the same incident, in whatever order it arrives", () => {
    const shuffled = fc
      .array(anyEvidence, { maxLength: 12 })
      .chain((given) =>
        fc.tuple(
          fc.constant(given),
          fc.shuffledSubarray(given, { minLength: given.length, maxLength: given.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([given, moved]) => {
        const of = (evidence: readonly Evidence[]): RunRecord => ({
          run: { name: "agent run", began: 0 },
          evidence,
          omitted: NOTHING_OMITTED,
        });
        expect(deriveIncident(of(moved))).toEqual(deriveIncident(of(given)));
      }),
      { numRuns: 1_000 },
    );
  });

  test("what it is given stays as it was", () => {
    const evidence = inTurn(["transport_failure", ended("error")]).toReversed();
    const before = structuredClone(evidence);
    deriveIncident({ run: { name: "agent run" }, evidence, omitted: NOTHING_OMITTED });
    expect(evidence).toEqual(before);
  });

  test.each([
    [
      "a getter that throws",
      {
        get evidence() {
          throw new Error("hostile");
        },
      },
    ],
    ["no evidence", {}],
    ["nothing", undefined],
  ])("%s harms nobody", (_title, record) => {
    expect(deriveIncident(record as unknown as RunRecord)).toBeUndefined();
  });
});

test.each([
  ["upstream_disconnect", "the provider's connection broke; whether to retry is not known"],
  ["timeout", "its time ran out; whether to retry is not known"],
] as const)(
  "a run of which nothing was told is not said to be safe to retry: %s",
  (end, summary) => {
    expect(incidentOf([ended(end)])).toMatchObject({
      phases: { run: "unknown", stream: "unknown", tool: "unknown" },
      retry: { recommendation: "unknown", confidence: "low", reason: "stream_not_observed" },
      retry_safety: { recommendation: "unknown", confidence: "low", reason: "unknown" },
      summary,
    });
  },
);
