import { startRun } from "@otel-lifecycle/api";
import type { RunIncident } from "@otel-lifecycle/incidents";
import { type IncidentRecording, recordIncidents } from "@otel-lifecycle/sdk/incidents";
import { afterEach, beforeEach, expect, test } from "vitest";

let recording: IncidentRecording;
let incidents: RunIncident[];

beforeEach(() => {
  incidents = [];
  recording = recordIncidents({ onIncident: (incident) => incidents.push(incident) });
});
afterEach(() => recording.stop());

const reset = (): Error => Object.assign(new TypeError("terminated"), { code: "ECONNRESET" });

/** The incident of an outer run that asks its provider, has an inner one run, and breaks off. */
const outerAround = (inside: (inner: ReturnType<typeof startRun>) => void): RunIncident => {
  const outer = startRun({ name: "outer run" });
  outer.evidence("side_effect_boundary", { tools: [] });
  outer.evidence("attempt_started");
  const inner = outer.with(() => startRun({ name: "inner run" }));
  inside(inner);
  inner.end();
  const error = reset();
  outer.evidence("transport_failure", { error });
  outer.fail(error);
  const [incident] = incidents;
  if (incident === undefined || incidents.length > 1) throw new Error("expected one incident");
  return incident;
};

const advice = ({ retry }: RunIncident) => [retry.recommendation, retry.reason];

test("rule 34: what a run inside did outside makes the advice of the run around it careful", () => {
  const call = { tool: "send_mail", toolCallId: "call_1" } as const;
  const incident = outerAround((inner) => {
    inner.evidence("tool_execution_started", { ...call, effect: "external" });
    inner.evidence("tool_execution_completed", call);
  });
  expect(advice(incident)).toEqual(["ask_user_before_retry", "unsafe_side_effect_started"]);
  expect(incident.facts.side_effects.happened).toEqual(["external"]);
  expect(
    incident.evidence
      .filter(({ source }) => source === "run_within")
      .map(({ type, tool, tool_call, effect }) => [type, tool, tool_call, effect]),
  ).toEqual([
    ["tool_execution_started", "send_mail", 1, "external"],
    ["tool_execution_completed", "send_mail", 1, undefined],
  ]);
});

test("rule 34: two runs inside may number their calls alike, and each is one of its own", () => {
  const call = { tool: "read_file", toolCallId: "call_1", effect: "read_only" } as const;
  const incident = outerAround((inner) => {
    inner.evidence("tool_execution_started", call);
    inner.evidence("tool_execution_completed", call);
    const other = inner.with(() => startRun({ name: "innermost run" }));
    other.evidence("tool_execution_started", call);
    other.end();
  });
  const { completed, running } = incident.facts.tools;
  expect({ completed, running }).toEqual({ completed: 1, running: 1 });
});

test("rule 34: without a run inside that did anything the same disconnect may be retried", () => {
  const incident = outerAround((inner) => {
    inner.evidence("attempt_started");
    inner.evidence("tool_input_started", { tool: "send_mail", toolCallId: "call_1" });
    inner.evidence("reasoning_output_started");
  });
  expect(advice(incident)).toEqual(["auto_retry", "no_visible_output_or_tool_execution"]);
});

test("rule 34: text that a run inside showed is known to the run around it", () => {
  const incident = outerAround((inner) => {
    for (let count = 0; count < 3; count += 1) inner.evidence("text_output_started");
  });
  expect(advice(incident)).toEqual(["offer_continue", "visible_output_without_tool_execution"]);
});

test("rule 28: a run that has ended is told of nothing more", () => {
  const outer = startRun({ name: "outer run" });
  const inner = outer.with(() => startRun({ name: "inner run" }));
  outer.fail(reset());
  inner.evidence("tool_execution_started", { tool: "send_mail" });
  inner.end();
  expect(incidents.map(({ run, facts }) => [run.name, facts.tools.running])).toEqual([
    ["outer run", 0],
  ]);
});
