import type { ToolEffect } from "@otel-lifecycle/api";
import type { IncidentFacts } from "@otel-lifecycle/incidents";
import { describe, expect, test } from "vitest";
import { by, ended, incidentOf, propagated, requested, type Told } from "../support/tell.ts";

const call = (type: string, toolCall = 1, more: object = {}) => ({
  type,
  tool: "shell",
  toolCall,
  ...more,
});
const started = (toolCall: number, effect: string) =>
  call("tool_execution_started", toolCall, { effect }) as Told;
const factsOf = (told: readonly Told[], around?: Parameters<typeof incidentOf>[1]) =>
  incidentOf(told, around)?.facts;
const toolsOf = (told: readonly Told[], around?: Parameters<typeof incidentOf>[1]) =>
  factsOf([...told, ended("error")], around)?.tools;
const effectsOf = (told: readonly Told[], around?: Parameters<typeof incidentOf>[1]) =>
  factsOf([...told, ended("error")], around)?.side_effects;

const NO_TOOLS: IncidentFacts["tools"] = {
  input_pending: 0,
  not_executed: 0,
  running: 0,
  interrupted: 0,
  completed: 0,
  failed: 0,
};

test("of the stream the last attempt counts, of tools the whole run", () => {
  const told = [
    {
      type: "side_effect_boundary",
      boundary: { exposed: 1, tools: [exposed("shell", "local_process")] },
    },
    "attempt_started",
    "stream_opened",
    "reasoning_output_started",
    "text_output_started",
    call("tool_call_materialized"),
    call("tool_execution_started"),
    call("tool_execution_completed"),
    "stream_completed",
    "attempt_started",
    "stream_opened",
    "transport_failure",
    "finalizer_started",
    "finalizer_completed",
    "finalizer_started",
    "finalizer_failed",
    "finalizer_started",
    ended("upstream_disconnect"),
  ];
  expect(factsOf(told)).toEqual({
    attempts: 2,
    terminal_attempt: 2,
    stream: { opened: true, progress: false, text: false, reasoning: false, completed: false },
    tools: { ...NO_TOOLS, completed: 1 },
    side_effects: {
      happened: ["local_process"],
      pending: [],
      boundary: "classified",
      exposed: 1,
      provider_executed: false,
    },
    finalizers: { completed: 1, failed: 1, pending: 1 },
    retryable: true,
  });
});

function exposed(name: string, effect: string, providerExecuted = false) {
  return { name, effect, providerExecuted } as {
    readonly name: string;
    readonly effect: "external";
    readonly providerExecuted: boolean;
  };
}

test.each([
  ["as often as it is said", ["attempt_started", "attempt_started"], 2],
  ["as often as they are numbered", [{ type: "stream_opened", attempt: 3 }], 3],
] as const)("attempts were begun %s", (_title, told, attempts) => {
  expect(factsOf([...told, ended("error")])?.attempts).toBe(attempts);
});

describe("how calls of tools stand", () => {
  test.each<readonly [string, readonly Told[], Partial<IncidentFacts["tools"]>]>([
    ["none", [], {}],
    ["input begun", [call("tool_input_started")], { input_pending: 1 }],
    [
      "input whole, and no call",
      [call("tool_input_started"), call("tool_input_completed")],
      { input_pending: 1 },
    ],
    ["a call", [call("tool_input_started"), call("tool_call_materialized")], { not_executed: 1 }],
    ["executing", [call("tool_call_materialized"), call("tool_execution_started")], { running: 1 }],
    [
      "executed",
      [call("tool_execution_started"), call("tool_execution_completed")],
      { completed: 1 },
    ],
    ["failed", [call("tool_execution_started"), call("tool_execution_failed")], { failed: 1 }],
    [
      "failed, and executing again",
      [
        call("tool_execution_started"),
        call("tool_execution_failed"),
        call("tool_execution_started"),
      ],
      { running: 1 },
    ],
    [
      "failed, executing again by a repeat",
      [call("tool_execution_started", 1, { count: 2, lastAt: 25 }), call("tool_execution_failed")],
      { running: 1 },
    ],
    [
      "failed, and then executed",
      [call("tool_execution_failed"), call("tool_execution_completed")],
      { completed: 1 },
    ],
    [
      "the same said twice",
      [
        call("tool_execution_started"),
        call("tool_execution_completed"),
        call("tool_execution_completed"),
      ],
      { completed: 1 },
    ],
    [
      "two calls",
      [
        call("tool_execution_started"),
        call("tool_execution_started", 2),
        call("tool_execution_completed", 2),
      ],
      { running: 1, completed: 1 },
    ],
    [
      "interrupted",
      [call("tool_execution_started"), call("pending_tool_interrupted")],
      { interrupted: 1 },
    ],
    [
      "interrupted before it executed",
      [call("tool_call_materialized"), call("pending_tool_interrupted")],
      { not_executed: 1 },
    ],
    [
      "interrupted in its input",
      [call("tool_input_started"), call("pending_tool_interrupted")],
      { input_pending: 1 },
    ],
    ["interrupted, and nothing else known", [call("pending_tool_interrupted")], {}],
    [
      "at the provider",
      [call("tool_call_materialized", 1, { providerExecuted: true })],
      { running: 1 },
    ],
    [
      "at the provider, interrupted",
      [
        call("tool_call_materialized", 1, { providerExecuted: true }),
        call("pending_tool_interrupted"),
      ],
      { running: 1 },
    ],
  ])("%s", (_title, told, tools) => {
    expect(toolsOf(told)).toEqual({ ...NO_TOOLS, ...tools });
  });

  const many = (type: string, count = 1, tool: string | undefined = "shell"): Told => ({
    type,
    count,
    ...(tool === undefined ? {} : { tool }),
  });
  test.each<readonly [string, readonly Told[], Partial<IncidentFacts["tools"]>]>([
    [
      "three begun, one executed, one failed",
      [
        many("tool_execution_started", 3),
        many("tool_execution_completed"),
        many("tool_execution_failed"),
      ],
      { running: 1, completed: 1, failed: 1 },
    ],
    [
      "one begun, of three calls",
      [many("tool_call_materialized", 3), many("tool_execution_started")],
      { running: 1, not_executed: 2 },
    ],
    [
      "a call that has one, executed by a tool's wrapper",
      [
        call("tool_call_materialized"),
        many("tool_execution_started"),
        many("tool_execution_completed"),
      ],
      { completed: 1 },
    ],
    [
      "the same of another tool",
      [call("tool_call_materialized"), many("tool_execution_completed", 1, "other")],
      { not_executed: 1, completed: 1 },
    ],
    [
      "one that is executing, interrupted by clean-up",
      [call("tool_execution_started"), { type: "pending_tool_interrupted" }],
      { interrupted: 1 },
    ],
    [
      "five interrupted, of which one was executing",
      [
        many("tool_input_started", 5),
        many("tool_execution_started"),
        many("pending_tool_interrupted", 5),
      ],
      { input_pending: 4, interrupted: 1 },
    ],
  ])("that have no number: %s", (_title, told, tools) => {
    expect(toolsOf(told)).toEqual({ ...NO_TOOLS, ...tools });
  });

  test("a number that comes again in a later attempt is another call, once the first has ended", () => {
    const read = (type: string, attempt: number): Told => ({
      type,
      toolCall: 1,
      tool: "read",
      attempt,
    });
    const ran = [read("tool_execution_started", 1), read("tool_execution_completed", 1)];
    const again = (type: string, attempt: number) => toolsOf([...ran, read(type, attempt)]);
    expect(again("tool_call_materialized", 2)).toEqual({
      ...NO_TOOLS,
      completed: 1,
      not_executed: 1,
    });
    expect(again("tool_input_started", 2)).toEqual({ ...NO_TOOLS, completed: 1, input_pending: 1 });
    // What is told late of the same answer is of the same call; so is a second execution.
    expect(again("tool_call_materialized", 1)).toEqual({ ...NO_TOOLS, completed: 1 });
    expect(again("tool_execution_started", 2)).toEqual({ ...NO_TOOLS, running: 1 });
    expect(toolsOf([...ran.slice(0, 1), read("tool_call_materialized", 2)])).toEqual({
      ...NO_TOOLS,
      running: 1,
    });
  });

  test("that an execution began counts whenever it did; how it ended, until the run was told", () => {
    const close = by("timeout");
    const told = [
      call("tool_call_materialized"),
      call("tool_call_materialized", 2),
      started(1, "read_only"),
      requested(close),
      propagated(close),
      call("tool_execution_failed"),
      started(2, "external"),
      call("tool_execution_completed", 2),
      ended("timeout"),
    ];
    const facts = factsOf(told);
    expect(facts?.tools).toEqual({ ...NO_TOOLS, running: 2 });
    expect(facts?.side_effects.happened).toEqual(["read_only", "external"]);
  });
});

describe("what happened outside", () => {
  test("effects are those of executions, as said, else as exposed, else unknown", () => {
    const boundary = {
      exposed: 2,
      tools: [exposed("shell", "external"), exposed("redacted", "read_only")],
    };
    const told: readonly Told[] = [
      { type: "side_effect_boundary", boundary },
      call("tool_execution_started"),
      { type: "tool_execution_completed", tool: "redacted", toolCall: 2 },
      { type: "tool_execution_started", tool: "edit", toolCall: 3, effect: "local_file_write" },
      call("tool_call_materialized", 4),
    ];
    expect(effectsOf(told)).toEqual({
      happened: ["local_file_write", "external", "unknown"],
      pending: ["external"],
      boundary: "classified",
      exposed: 2,
      provider_executed: false,
    });
  });

  const exposing = (effect: ToolEffect, provider?: boolean) => ({
    type: "side_effect_boundary",
    boundary: { exposed: 1, tools: [exposed("shell", effect, provider)] },
  });

  test.each([
    ["one tool without numbers", {}],
    ["one number in two attempts", { toolCall: 1 }],
  ])("an effect outside is not forgotten for a later one: %s", (_title, of) => {
    const ran = (effect: ToolEffect): readonly Told[] => [
      { type: "tool_execution_started", tool: "shell", ...of, effect },
      { type: "tool_execution_completed", tool: "shell", ...of },
    ];
    const told = [...ran("external"), "attempt_started", ...ran("read_only")];
    expect(effectsOf(told)?.happened).toEqual(["read_only", "external"]);
  });

  test("a call whose tool was exposed in two ways may have either effect", () => {
    const told = [
      exposing("external"),
      "attempt_started",
      call("tool_call_materialized"),
      exposing("read_only"),
      "attempt_started",
    ];
    expect(effectsOf(told)).toMatchObject({
      pending: ["read_only", "external"],
      boundary: "classified",
    });
  });

  test("what the provider may have executed in an earlier attempt stays done", () => {
    const told = [exposing("read_only", true), "attempt_started", exposing("read_only")];
    expect(effectsOf(told)?.provider_executed).toBe(true);
  });

  test.each([
    ["nobody says", undefined, "unknown", false],
    ["none", { exposed: 0, tools: [] }, "classified", false],
    ["all classified", { exposed: 1, tools: [exposed("a", "read_only")] }, "classified", false],
    ["one left out", { exposed: 2, tools: [exposed("a", "read_only")] }, "unclassified", false],
    ["one unknown", { exposed: 1, tools: [exposed("a", "unknown")] }, "unclassified", false],
    [
      "one at the provider",
      { exposed: 1, tools: [exposed("a", "read_only", true)] },
      "classified",
      true,
    ],
  ] as const)("exposed to the model: %s", (_title, boundary, expected, provider) => {
    const told = boundary === undefined ? [] : [{ type: "side_effect_boundary", boundary }];
    expect(effectsOf(told)).toMatchObject({ boundary: expected, provider_executed: provider });
  });
});

describe("what the bound left out makes nothing bolder", () => {
  const omitted = (byType: Record<string, number>, effects: readonly "external"[] = []) => ({
    omitted: { total: Object.values(byType).reduce((a, b) => a + b, 0), byType, effects },
  });

  test("an execution that was begun, and of which no end is known, may be executing", () => {
    const around = omitted({ tool_execution_started: 3, tool_execution_completed: 1 });
    expect(toolsOf([], around)).toEqual({ ...NO_TOOLS, running: 2, completed: 1 });
    expect(effectsOf([], around)?.happened).toEqual(["unknown"]);
  });

  test("an end that is kept is that of a beginning that is not", () => {
    const around = omitted({ tool_execution_started: 1, tool_call_materialized: 1 }, ["external"]);
    const told = [call("tool_execution_completed", 1, { effect: "read_only" })] as const;
    expect(toolsOf(told, around)).toEqual({ ...NO_TOOLS, completed: 1 });
    expect(effectsOf(told, around)?.happened).toEqual(["read_only", "external"]);
    expect(incidentOf([...told, ended("error")], around)?.gaps).toEqual([
      "side_effect.boundary_unknown",
    ]);
  });

  test("a call of which no execution is known was not executed, and its effect is unknown", () => {
    const around = omitted({ tool_call_materialized: 2, tool_execution_started: 1 }, ["external"]);
    expect(toolsOf([], around)).toEqual({ ...NO_TOOLS, not_executed: 1, running: 1 });
    expect(effectsOf([], around)?.pending).toEqual(["unknown"]);
  });

  test("text may have been seen, unless what was left out was not of this attempt", () => {
    const told = ["attempt_started", "transport_failure", ended("error")];
    const textAfter = (after: number | undefined) =>
      factsOf(told, {
        omitted: { total: 1, byType: { text_output_started: 1 }, gaps: [{ after, count: 1 }] },
      })?.stream.text;
    expect([textAfter(undefined), textAfter(1), textAfter(2)]).toEqual([false, true, false]);
  });

  test("attempts and finalizers count", () => {
    const facts = factsOf(["attempt_started", ended("error")], {
      omitted: { total: 3, byType: { attempt_started: 1, finalizer_started: 2 } },
    });
    expect([facts?.attempts, facts?.finalizers.pending]).toEqual([2, 2]);
  });
});

describe("whether a failure may go away by itself", () => {
  test.each([
    [{ errorKind: "rate_limit" }, true],
    [{ errorKind: "overloaded_error" }, true],
    [{ errorKind: "server_overload" }, true],
    [{ errorKind: "insufficient_quota", status: 429 }, false],
    [{ errorKind: "authentication_error" }, false],
    [{ errorKind: "invalid_request_error" }, false],
    [{ errorKind: "of_its_own" }, undefined],
    [{ errorKind: "of_its_own", status: 503 }, true],
    [{}, undefined],
    [{ status: 399 }, undefined],
    [{ status: 400 }, false],
    [{ status: 408 }, true],
    [{ status: 409 }, true],
    [{ status: 410 }, false],
    [{ status: 425 }, true],
    [{ status: 429 }, true],
    [{ status: 499 }, false],
    [{ status: 500 }, true],
    [{ status: 599 }, true],
    [{ status: 600 }, undefined],
  ])("a provider's error %o: %s", (facts, retryable) => {
    expect(factsOf([{ type: "provider_error", ...facts }, ended("error")])?.retryable).toBe(
      retryable,
    );
  });

  const timedOut = (code?: string) =>
    ended("timeout", { error: { proof: "timeout", ...(code === undefined ? {} : { code }) } });

  test.each([
    ["a deadline of the run's own", ["attempt_started", timedOut()], undefined],
    [
      "one that was asked for",
      ["attempt_started", requested(by("timeout")), timedOut()],
      undefined,
    ],
    ["a watchdog of no known kind", ["watchdog_fired", timedOut()], true],
    [
      "one that says so after it stopped the run",
      [requested(by("timeout")), "watchdog_fired", timedOut()],
      true,
    ],
    ["no connection in time", [timedOut("UND_ERR_CONNECT_TIMEOUT")], true],
    ["no headers in time", [timedOut("UND_ERR_HEADERS_TIMEOUT")], true],
    ["no body in time", [timedOut("UND_ERR_BODY_TIMEOUT")], true],
    ["another code", [timedOut("ETIME")], undefined],
  ])("%s", (_title, told, retryable) => {
    expect(factsOf(told)?.retryable).toBe(retryable);
  });

  test.each([
    ["transport_failure", true],
    ["watchdog_fired", true],
    ["request_setup_failed", undefined],
    ["tool_execution_failed", undefined],
  ])("%s: %s", (type, retryable) => {
    expect(factsOf([type, ended("error")])?.retryable).toBe(retryable);
  });
});
