import { stripVTControlCharacters } from "node:util";
import type { IncidentEvidence, RunIncident } from "@otel-lifecycle/incidents";
import { expect, test } from "vitest";
import { type IncidentRenderOptions, renderIncidents } from "../../src/index.ts";
import { CRASHED, DISCONNECT, DISPOSED } from "../incident-fixtures.ts";

function linesOf(incident: RunIncident, options?: IncidentRenderOptions): readonly string[] {
  return renderIncidents([incident], options).split("\n").slice(0, -3);
}

/** The lines of one field. */
function field(label: string, incident: RunIncident): readonly string[] {
  const lines = linesOf(incident, { columns: 120 });
  const from = lines.findIndex((line) => line.startsWith(`  ${label}  `));
  const to = lines.findIndex((line, at) => at > from && !line.startsWith(" ".repeat(12)));
  const own = from === -1 ? [] : lines.slice(from, to === -1 ? lines.length : to);
  return own.map((line) => line.slice(12));
}

test("an incident says which run, what broke, how far it had got, what may be done", () => {
  expect(linesOf(DISCONNECT)).toEqual([
    "agent run docs-1   failed after 1.3 s   2026-11-22T12:00:02.250Z   directory (6f8f58da…)",
    "  the provider's connection broke in the middle of text; offer to continue",
    "  broke     provider_transport_disconnect, during_text_generation; close class upstream_disconnect,",
    "            high confidence",
    "  reached   run streaming, stream text_generation, tool none; attempt 2 of 2; text was written",
    "  outside   no tool ran; 3 exposed tools, all classified",
    "  clean-up  1 completed",
    "  advice    offer_continue, high confidence: text_was_visible",
    "  trace     0af7651916cd43dd8448eb211c80319c",
    "  evidence   2 ms  attempt_started      attempt 1",
    "                   … 3 left out",
    "            0.3 s  text_output_started  attempt 2",
    "            0.3 s  provider_progress    attempt 2, 18 times",
    "            1.2 s  transport_failure    attempt 2, SocketError UND_ERR_SOCKET ← began the end",
    "                   finalizer_completed  save, took 40 ms",
    "            1.3 s  run_ended            ← the end",
  ]);
});

test("an action's incident leads to who asked, and says what is not known and what is withheld", () => {
  expect(linesOf(DISPOSED)).toEqual([
    "agent run shop-3   interrupted after 1 min 6 s   2026-11-22T12:01:05.500Z   directory",
    "  closed by dispose_all while a tool was running; do not retry",
    "  broke     local_lifecycle_close, dispose_all; close class lifecycle_action, high confidence",
    "  reached   run tool_execution, stream after_tool_call, tool tool_execution_started; 1 attempt;",
    "            reasoning was written, no text",
    "  outside   tools: 2 completed, 1 failed, 1 interrupted while running; effects: read_only,",
    "            local_file_write; 1 call never executed (external); 1 call half written; the provider",
    "            ran tools itself, or could have; exposed tools, not all classified",
    "  clean-up  1 failed, 1 not finished",
    "  advice    do_not_retry, high confidence: lifecycle_close",
    "  unknown   side_effect.boundary_unknown (the advice may change), tool_input.start_missing",
    "  asked by  dispose instance (6f8f58da…), 01jd2k3m4n5p6q7r8s9t0v1w2y",
    "            within dispose_all instance_store, POST /global/dispose, by user,",
    "            01jd2k3m4n5p6q7r8s9t0v1w2x",
    "            not known: lifecycle.request_context_missing",
    "  withheld  evidence.tool",
    "  trace     0af7651916cd43dd8448eb211c80319c",
    "  evidence      0.5 s  tool_execution_started    write_file (call 2), local_file_write",
    "            1 min 5 s  close_requested           dispose ← began the end",
    "            1 min 5 s  pending_tool_interrupted  redacted (call 2)",
    "            1 min 6 s  run_ended                 ← the end",
  ]);
});

test("where next to nothing is known nothing is claimed", () => {
  expect(linesOf(CRASHED)).toEqual([
    "agent run incident:crashed   lost",
    "  the process was lost; ask the user before a retry",
    "  broke     crash_or_restart_incomplete; close class process_lost, medium confidence",
    "  reached   run unknown, stream unknown, tool unknown; no attempt is known; no text is known to have",
    "            been written",
    "  outside   no tool is known to have run; exposed tools not known",
    "  advice    ask_user_before_retry, low confidence: evidence_incomplete",
    "  unknown   side_effect.boundary_unknown (the advice may change)",
    "  evidence  none is left",
  ]);
});

test("the last line counts by what may be done", () => {
  const last = (incidents: readonly RunIncident[]) => renderIncidents(incidents).split("\n").at(-2);
  expect([last([]), last([CRASHED]), last([CRASHED, DISCONNECT, CRASHED])]).toEqual([
    "no incident is in this input",
    "1 incident: 1 ask_user_before_retry",
    "3 incidents: 2 ask_user_before_retry, 1 offer_continue",
  ]);
});

test.each([
  [undefined, 100],
  [20, 80],
  [79, 80],
  [80, 80],
  [81, 81],
  [120, 120],
  [121, 120],
  [10_000, 120],
])("with %d columns no line is longer than %d", (columns, widest) => {
  const wide = { ...DISPOSED, run: { ...DISPOSED.run, name: "a ".repeat(30), id: "i".repeat(64) } };
  const evidence = DISPOSED.evidence.map((piece) => ({ ...piece, tool: "a tool with many words" }));
  const lines = [DISCONNECT, DISPOSED, CRASHED, { ...wide, evidence }].flatMap((incident) =>
    linesOf(incident, { columns }),
  );
  const longest = Math.max(...lines.map((line) => [...line].length));
  expect(longest).toBeLessThanOrEqual(widest);
  // A narrower limit would have broken what this one did not.
  expect(longest).toBeGreaterThan(widest - 25);
});

test("colours mark the run, the labels, and what began and what was the end", () => {
  const [bold, dim, red] = [1, 2, 31].map((code) => `\u001b[${code}m`);
  const lines = linesOf(DISCONNECT, { colour: "ansi" });
  expect(lines[0]).toContain(`${bold}agent run docs-1`);
  expect(lines[2]).toContain(`${dim}broke     `);
  expect(lines.at(-3)).toContain(`${red}transport_failure`);
  expect(lines.at(-1)).toContain(`${bold}run_ended`);
  const uncoloured = lines.map((line) => stripVTControlCharacters(line));
  expect(uncoloured.map((line) => line.trimEnd())).toEqual(linesOf(DISCONNECT));
});

function withEvidence(...evidence: readonly Partial<IncidentEvidence>[]): RunIncident {
  const whole = evidence.map((piece, at) => ({
    order: at + 1,
    type: "x",
    source: "application",
    ...piece,
  }));
  return { ...CRASHED, evidence: whole };
}

test.each<[Partial<IncidentEvidence>, string]>([
  [{}, "x"],
  [{ time: -0.5 }, "-0.5 s  x"],
  [{ time: 0 }, "0 ms  x"],
  [{ attempt: 1, count: 1 }, "x"],
  [{ tool: "read", tool_call: 3, provider_executed: true }, "x  read (call 3), by the provider"],
  [{ error_kind: "overloaded", status: 529 }, "x  overloaded, HTTP 529"],
  [{ watchdog: "silent_stream" }, "x  watchdog silent_stream"],
  [{ error: { proof: "error", cause_name: "E", cause_code: "C" } }, "x  caused by E C"],
  [{ error: { proof: "error", name: "A", cause_code: "C" } }, "x  A caused by C"],
  [{ error: { proof: "error" }, role: "initiating" }, "x  ← began the end"],
  [{ type: "t".repeat(32) }, `${"t".repeat(25)}…`],
])("evidence %o is %s", (evidence, text) => {
  expect(field("evidence", withEvidence(evidence)).map((line) => line.trim())).toEqual([text]);
});

test("what was left out stands where it was, at the end too", () => {
  const incident = withEvidence({ omitted_before: 2 }, {}, { omitted_before: 1 });
  const omitted = { total: 8, by_type: {} };
  expect(field("evidence", { ...incident, omitted }).map((line) => line.trim())).toEqual([
    "… 2 left out",
    "x",
    "x",
    "… 1 left out",
    "x",
    "… 5 left out",
  ]);
});

test.each<[Partial<RunIncident["facts"]["side_effects"]>, string]>([
  [{ boundary: "classified", exposed: 1 }, "no tool ran; 1 exposed tool, all classified"],
  [{ boundary: "unclassified", exposed: 2 }, "no tool ran; 2 exposed tools, not all classified"],
  [{ boundary: "unknown" }, "no tool is known to have run; exposed tools not known"],
  [
    { boundary: "classified", pending: ["external"] },
    "no tool ran; 0 calls never executed (external); exposed tools, all classified",
  ],
])("what happened outside, of %o, is: %s", (effects, text) => {
  const { facts } = DISCONNECT;
  const { exposed: _, ...known } = facts.side_effects;
  const side_effects = { ...known, ...effects };
  expect(field("outside", { ...DISCONNECT, facts: { ...facts, side_effects } })).toEqual([text]);
});

test("a gap in what is known of tools makes nothing of 'no tool ran'", () => {
  const gaps = ["tool_execution.start_missing"] as const;
  expect(field("outside", { ...DISCONNECT, gaps })).toEqual([
    "no tool is known to have run; 3 exposed tools, all classified",
  ]);
});

test("whatever an incident holds, no control character is printed", () => {
  const hostile = "\u001b[2J\u202e\n\u009b";
  const poisoned = (value: unknown): unknown => {
    if (typeof value === "string") return `${value}${hostile}`;
    if (Array.isArray(value)) return value.map(poisoned);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, poisoned(held)]));
  };
  for (const incident of [DISCONNECT, DISPOSED, CRASHED]) {
    const text = renderIncidents([poisoned(incident) as RunIncident]);
    expect(text).toContain("\\u001b[2J\\u202e\\u000a\\u009b");
    expect(text).not.toMatch(/[^\n\P{Cc}]|\p{Cf}/u);
  }
});

test.each([
  [-0.0005, "-1 ms"],
  [-0.00049, "0 ms"],
  [0, "0 ms"],
])("evidence of %s s into the run is told at %s", (time, text) => {
  const first: IncidentEvidence = {
    order: 1,
    type: "attempt_started",
    source: "application",
    time,
  };
  expect(field("evidence", { ...CRASHED, evidence: [first] })).toEqual([
    `${text}  attempt_started`,
  ]);
});
