import { readFileSync } from "node:fs";
import { type LegacyForm, legacyOfCompleted } from "@otel-lifecycle/incidents";
import { expect, test } from "vitest";
import { legacyFor } from "../../src/legacy/legacy-for.ts";
import { action, type Differing, told } from "../support/told.ts";

const closedBy = (kind: string): Differing => ({
  cause: "local_lifecycle_close",
  subcause: kind,
  action: action(kind),
});
const PROGRESS = { progress: true } as const;
const TEXT = { progress: true, text: true } as const;
const SOCKET = { proof: "upstream_disconnect", causeCode: "UND_ERR_SOCKET" } as const;
const RESET = { proof: "upstream_disconnect", code: "ECONNRESET" } as const;

// biome-ignore format: a table
const TOLD: Readonly<Record<string, Differing>> = {
  // Closes
  "closed by reload": closedBy("reload"),
  "closed by dispose": closedBy("dispose"),
  "closed by dispose_directory": closedBy("dispose_directory"),
  "closed by dispose_all": closedBy("dispose_all"),
  "closed by shutdown": closedBy("shutdown"),
  "closed by an action of the application's own": closedBy("compact"),
  "closed by an action called as an object's own key": closedBy("constructor"),
  "closed by an action of which only the kind is known": { cause: "local_lifecycle_close", action: action("reload") },
  "closed by nobody known": { cause: "local_lifecycle_close", subcause: "unknown_lifecycle_close" },
  "closed, and nothing said of it": { cause: "local_lifecycle_close" },
  "cancelled by the user": { cause: "user_cancel" },
  "closed by dispose_all after text": { ...closedBy("dispose_all"), stream: TEXT },
  "closed by nobody known while a tool wrote": { cause: "local_lifecycle_close", subcause: "unknown_lifecycle_close", tools: { running: 1 }, side_effects: { happened: ["external"] } },
  "cancelled by the user while a tool was running": { cause: "user_cancel", tools: { running: 1 }, side_effects: { happened: ["unknown"] } },
  // Disconnects
  "disconnected before progress": { subcause: "before_first_provider_progress", error: RESET },
  "disconnected before progress, socket closed": { subcause: "before_first_provider_progress", error: SOCKET },
  "disconnected in text": { subcause: "during_text_generation", stream: TEXT, error: RESET },
  "disconnected in text, socket closed": { subcause: "during_text_generation", stream: TEXT, error: SOCKET },
  "disconnected in reasoning": { subcause: "during_reasoning_generation", stream: { progress: true, reasoning: true }, error: RESET },
  "disconnected in reasoning, socket closed": { subcause: "during_reasoning_generation", stream: { progress: true, reasoning: true }, error: { proof: "upstream_disconnect", code: "UND_ERR_SOCKET" } },
  "disconnected in a tool's input": { subcause: "during_tool_input_generation", stream: PROGRESS, tools: { input_pending: 1 }, error: RESET },
  "disconnected in a tool's input, socket closed": { subcause: "during_tool_input_generation", stream: PROGRESS, tools: { input_pending: 1 }, error: SOCKET },
  "disconnected in a tool's input after reasoning": { subcause: "during_tool_input_generation", stream: { progress: true, reasoning: true }, tools: { input_pending: 1 } },
  "disconnected after a tool's call": { subcause: "after_tool_call_before_execution", stream: PROGRESS, tools: { not_executed: 1 }, error: RESET },
  "disconnected after a tool's result": { subcause: "after_tool_result", tools: { completed: 1 }, side_effects: { happened: ["read_only"] }, error: RESET },
  "disconnected after a tool that wrote": { subcause: "after_tool_result", stream: PROGRESS, tools: { completed: 1 }, side_effects: { happened: ["local_file_write"] }, error: SOCKET },
  "disconnected after a tool of unknown effect": { subcause: "after_tool_result", stream: PROGRESS, tools: { completed: 1 }, side_effects: { happened: ["unknown"] } },
  "disconnected somewhere, no progress": { subcause: "unknown_stream_phase" },
  "disconnected somewhere, progress": { subcause: "unknown_stream_phase", stream: PROGRESS },
  "disconnected for good": { subcause: "before_first_provider_progress", retryable: false },
  // Watchdogs
  "the watchdog over the connection": { cause: "watchdog_timeout", subcause: "connect", retryable: true },
  "the watchdog over a silent stream, after text": { cause: "watchdog_timeout", subcause: "silent_stream", retryable: true, stream: TEXT },
  "a deadline of the run's own": { cause: "watchdog_timeout", subcause: "unknown" },
  // Providers' errors
  "a provider's error of a kind": { cause: "provider_api_error", errorKind: "rate_limit", retryable: true },
  "a provider's error of no kind": { cause: "provider_api_error" },
  "a provider's error whose kind is no token": { cause: "provider_api_error", errorKind: "Over loaded" },
  "a provider's error whose kind was withheld": { cause: "provider_api_error", errorKind: "redacted" },
  "a provider's error for good": { cause: "provider_api_error", errorKind: "invalid_request", retryable: false },
  "a provider's error after reasoning": { cause: "provider_api_error", errorKind: "overloaded", stream: { progress: true, reasoning: true } },
  // Set-up, tools, the rest
  "a set-up that failed": { cause: "request_setup_failure" },
  "a tool that failed": { cause: "tool_execution_failure", tools: { failed: 1 }, side_effects: { happened: ["read_only"] } },
  "a tool that failed after it wrote": { cause: "tool_execution_failure", tools: { failed: 1 }, side_effects: { happened: ["external"] } },
  "a tool that was interrupted": { cause: "tool_execution_interrupted", tools: { interrupted: 1 }, side_effects: { happened: ["unknown"] } },
  "a lost process": { cause: "crash_or_restart_incomplete" },
  "a lost process after text": { cause: "crash_or_restart_incomplete", stream: TEXT },
  "an unknown interruption": { cause: "unknown_interruption" },
  "an unknown interruption after reasoning": { cause: "unknown_interruption", stream: { progress: true, reasoning: true } },
};

const older: Readonly<Record<string, LegacyForm>> = JSON.parse(
  readFileSync(new URL("older-form.json", import.meta.url), "utf8"),
);

test("the older form reads as it always did, whole", () => {
  const forms = Object.entries(TOLD).map(([title, it]) => [title, legacyFor(told(it))]);
  expect({ completed: legacyOfCompleted(), ...Object.fromEntries(forms) }).toEqual(older);
});

const all = <T>(pick: (form: LegacyForm) => T): T[] =>
  [...new Set(Object.values(older).map(pick))].sort();

test("every class of the older form is there", () => {
  expect(all(({ classification }) => classification)).toEqual([
    "external_stream_disconnect",
    "known_lifecycle_close",
    "local_instance_dispose",
    "local_instance_reload",
    "provider_api_error",
    "request_setup_failure",
    "success",
    "tool_failure",
    "unknown_failure",
    "unknown_scope_close",
  ]);
});

test("every key stands under its class, and every suffix is there", () => {
  for (const { classification, summary_key } of Object.values(older)) {
    expect(summary_key.startsWith(`${classification}.`)).toBe(true);
  }
  expect(all(({ summary_key }) => summary_key.split(".")[1])).toEqual([
    "completed",
    "invalid_request",
    "lifecycle_close",
    "missing_lifecycle_provenance",
    "overloaded",
    "provider_progress_socket_closed",
    "provider_progress_tool_input_disconnect",
    "provider_progress_transport_failure",
    "rate_limit",
    "request_setup_failed",
    "tool_execution_failed",
    "transport_failure",
    "unknown",
    "watchdog_timeout",
  ]);
});

test("every row of the older advice is there", () => {
  expect(
    all(({ retry_safety: { recommendation, confidence, reason } }) =>
      [recommendation, confidence, reason].join(" "),
    ),
  ).toEqual([
    "ask_user medium tool_execution_started",
    "candidate_safe_auto_retry medium no_visible_output_or_tool_execution",
    "candidate_safe_auto_retry medium reasoning_only_without_final_text_or_tool_activity",
    "do_not_auto_retry high provider_terminal_failure",
    "do_not_auto_retry high unsafe_side_effect_started",
    "do_not_auto_retry high visible_output_seen",
    "do_not_auto_retry medium local_abort_or_lifecycle_close",
    "unknown high completed_without_failure",
    "unknown low unknown",
  ]);
});
