import { createEvidenceLog, deriveIncident } from "@otel-lifecycle/incidents";
import { expect, it } from "vitest";
import { exposedTools } from "../../src/tools.ts";
import { toldBy } from "./row.ts";

// What a journal will hold of a run whose process was killed: its evidence as far as it came, and
// of its end only that there was none.
const recordOfKilledRun = (types: readonly string[]) => {
  let order = 0;
  const log = createEvidenceLog({ order: () => (order += 1), now: () => order });
  const call = { tool: "write_file", toolCallId: "call_1" };
  log.note("side_effect_boundary", { tools: exposedTools });
  for (const type of types) log.note(type, type.startsWith("tool_") ? call : undefined);
  log.put({
    type: "run_ended",
    order: order + 1,
    count: 1,
    source: "journal",
    attempt: 0,
    facts: {
      end: { result: "lost", class: "process_lost", confidence: "high", via: "journal" },
    },
    redactions: [],
  });
  return {
    run: { id: "killed", name: "agent run" },
    evidence: log.evidence(),
    omitted: log.omitted(),
  };
};

const TEXT = ["attempt_started", "stream_opened", "provider_progress", "text_output_started"];
const CALLED = ["tool_input_started", "tool_input_completed", "tool_call_materialized"];

it.each([
  {
    title: "in text",
    types: TEXT,
    told: {
      phases: "streaming / text_generation / none",
      advice: "offer_continue",
      retrySafety: "do_not_auto_retry",
    },
  },
  {
    title: "while a tool was writing a file",
    types: [...TEXT, ...CALLED, "stream_completed", "tool_execution_started"],
    told: {
      phases: "tool_execution / completed / tool_execution_started",
      advice: "ask_user_before_retry",
      retrySafety: "do_not_auto_retry",
    },
  },
])(
  "a process that was killed $title is told from the record of its run (31)",
  ({ types, told }) => {
    const incident = deriveIncident(recordOfKilledRun(types));
    expect(toldBy(incident)).toEqual({
      cause: "crash_or_restart_incomplete",
      key: "unknown_failure.unknown",
      ...told,
    });
    expect(incident?.close).toEqual({ class: "process_lost", confidence: "high", via: "journal" });
  },
);
