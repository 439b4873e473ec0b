import { briefOf } from "@otel-lifecycle/incidents";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { summaryFor } from "../../src/summary/summary-for.ts";
import { action, type Differing, told } from "../support/told.ts";

const at = (run: string, stream = "unknown"): Pick<Differing, "phases"> =>
  // The table names phases as plain strings, to stay a table.
  ({ phases: { run, stream, tool: "none" } }) as Pick<Differing, "phases">;
const TEXT = { progress: true, text: true } as const;

// biome-ignore format: a table
const LINES: readonly (readonly [line: string, told: Differing])[] = [
  ["closed by dispose_all while a tool was running; do not retry", { cause: "local_lifecycle_close", subcause: "dispose_all", action: action("dispose_all"), tools: { running: 1 }, ...at("tool_execution") }],
  ["closed by reload while 3 tools were running; do not retry", { cause: "local_lifecycle_close", action: action("reload"), tools: { running: 3 }, ...at("tool_execution") }],
  ["closed by an action; do not retry", { cause: "local_lifecycle_close", subcause: "redacted", ...at("unknown") }],
  ["closed by _other while it was finalizing; do not retry", { cause: "local_lifecycle_close", subcause: "_other", ...at("finalizing") }],
  ["closed by nobody known in the middle of text; do not retry", { cause: "local_lifecycle_close", subcause: "unknown_lifecycle_close", ...at("streaming", "text_generation") }],
  ["the provider's connection broke in the middle of text; offer to continue", { subcause: "during_text_generation", stream: TEXT, ...at("streaming", "text_generation") }],
  ["the provider's connection broke before its first progress; it may be retried", { subcause: "before_first_provider_progress" }],
  ["the provider's connection broke after a tool's call, before its execution; ask the user before a retry", { subcause: "after_tool_call_before_execution", tools: { not_executed: 1 }, ...at("tool_generation", "after_tool_call") }],
  ["the provider's connection broke after a tool's result; offer to resume, once confirmed", { subcause: "after_tool_result", tools: { completed: 1 }, side_effects: { happened: ["read_only"] }, ...at("post_tool") }],
  ["the provider's connection broke; it may be retried", { subcause: "unknown_stream_phase", ...at("unknown") }],
  ["the provider answered with an error (rate_limit) before the first progress; it may be retried", { cause: "provider_api_error", errorKind: "rate_limit", retryable: true }],
  ["the provider answered with an error; it may be retried", { cause: "provider_api_error", errorKind: "redacted", retryable: true, ...at("unknown") }],
  ["the provider answered with an error; whether to retry is not known", { cause: "provider_api_error", ...at("unknown") }],
  ["cancelled by the user in the middle of reasoning; do not retry", { cause: "user_cancel", ...at("streaming", "reasoning_generation") }],
  ["the watchdog over the connection gave up before the provider's stream; it may be retried", { cause: "watchdog_timeout", subcause: "connect", retryable: true, ...at("before_provider_stream") }],
  ["the watchdog over a silent stream gave up in the middle of a tool's input; offer to continue", { cause: "watchdog_timeout", subcause: "silent_stream", retryable: true, tools: { input_pending: 1 }, ...at("tool_generation", "tool_input_generation") }],
  ["its time ran out; whether to retry is not known", { cause: "watchdog_timeout", subcause: "unknown", ...at("unknown") }],
  ["the request could not be set up; whether to retry is not known", { cause: "request_setup_failure", ...at("before_provider_stream") }],
  ["a tool failed; ask the user before a retry", { cause: "tool_execution_failure", ...at("tool_execution") }],
  ["a tool was interrupted while it ran; ask the user before a retry", { cause: "tool_execution_interrupted", ...at("tool_execution") }],
  ["the process was lost after a tool had run; ask the user before a retry", { cause: "crash_or_restart_incomplete", tools: { completed: 1 }, ...at("post_tool") }],
  ["the client went away in the middle of text; offer to continue", { cause: "unknown_interruption", subcause: "client_disconnect", stream: TEXT, ...at("streaming", "text_generation") }],
  ["it broke off for no known reason; whether to retry is not known", { cause: "unknown_interruption", ...at("unknown") }],
];

test.each(LINES)("%s", (line, differing) => {
  expect(summaryFor(told(differing))).toBe(line);
});

const LINE = /^[A-Za-z_][ -~]{0,159}$/;
const token = fc.stringMatching(/^[a-z0-9_]{1,32}$/);
const known = fc.constantFrom(
  ...LINES.flatMap(([, { cause, subcause, phases }]) => [
    cause ?? "provider_transport_disconnect",
    subcause ?? "unknown",
    phases?.run ?? "unknown",
    phases?.stream ?? "unknown",
  ]),
  "offer_resume_with_confirmation",
  "__proto__",
  "constructor",
);
const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constant("\u001b[31mred\n"),
  fc.constant("a".repeat(1_000_000)),
  fc.constant(undefined),
);

describe("from a span's attributes", () => {
  test("the same words", () => {
    expect(
      briefOf({
        cause: "local_lifecycle_close",
        subcause: "dispose_all",
        phase: "tool_execution",
        recommendation: "do_not_retry",
      }),
    ).toBe("closed by dispose_all while a tool was running; do not retry");
  });

  test("a cause that nobody knows stands as its name, and advice that nobody knows not at all", () => {
    const brief = { cause: "meteor", subcause: "big one", phase: "toString", recommendation: "go" };
    expect(briefOf(brief)).toBe("meteor");
  });

  test("without a cause there is no line", () => {
    expect(briefOf({ recommendation: "auto_retry" })).toBeUndefined();
    expect(briefOf({ cause: "no token", recommendation: "auto_retry" })).toBeUndefined();
    expect(briefOf({ cause: `${"ab_".repeat(7)}${"c".repeat(12)}` })).toBeUndefined();
    expect(briefOf({ cause: `${"ab_".repeat(7)}${"c".repeat(11)}` })).toBe(
      "ab_ab_ab_ab_ab_ab_ab_ccccccccccc",
    );
  });

  test("whatever stands there, the line is short, plain and one", () => {
    const any = fc.oneof(token, known, hostile);
    fc.assert(
      fc.property(any, any, any, any, (cause, subcause, phase, recommendation) => {
        const line = briefOf({ cause, subcause, phase, recommendation });
        if (line !== undefined) expect(line).toMatch(LINE);
      }),
      { numRuns: 2_000 },
    );
  });
});
