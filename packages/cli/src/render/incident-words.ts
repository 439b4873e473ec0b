import type { IncidentEvidence, RunIncident } from "@otel-lifecycle/incidents";
import { secondsText } from "./seconds.ts";

/** What an incident's fields say, in few words. */

type Facts = RunIncident["facts"];

/** How far the run had got. */
export function reachedText({ phases, facts }: RunIncident): string {
  const { run, stream, tool } = phases;
  return `run ${run}, stream ${stream}, tool ${tool}; ${attemptText(facts)}; ${writtenText(facts, stream)}`;
}

function attemptText({ attempts, terminal_attempt: terminal }: Facts): string {
  if (attempts === 0) return "no attempt is known";
  if (terminal === undefined || attempts === 1) return counted(attempts, "attempt");
  return `attempt ${terminal} of ${attempts}`;
}

function writtenText(
  { stream: { text, reasoning } }: Facts,
  phase: RunIncident["phases"]["stream"],
): string {
  if (text) return reasoning ? "text and reasoning were written" : "text was written";
  if (reasoning) return "reasoning was written, no text";
  return phase === "unknown" ? "no text is known to have been written" : "no text was written";
}

/** What had happened outside of the run, or may have. */
export function outsideText({ facts, gaps }: RunIncident): string {
  const { tools, side_effects: effects } = facts;
  const isSure = effects.boundary !== "unknown" && !gaps.some((gap) => gap.startsWith("tool"));
  const nothing = isSure ? "no tool ran" : "no tool is known to have run";
  const ran = listed([
    some(tools.completed, "completed"),
    some(tools.failed, "failed"),
    some(tools.interrupted, "interrupted while running"),
    some(tools.running, "still running"),
  ]);
  return [
    ran === "" ? nothing : `tools: ${ran}`,
    effects.happened.length === 0 ? "" : `effects: ${effects.happened.join(", ")}`,
    callsText(facts),
    tools.input_pending === 0 ? "" : `${counted(tools.input_pending, "call")} half written`,
    effects.provider_executed ? "the provider ran tools itself, or could have" : "",
    boundaryText(effects),
  ]
    .filter((part) => part !== "")
    .join("; ");
}

function callsText({ tools, side_effects: { pending } }: Facts): string {
  if (tools.not_executed === 0 && pending.length === 0) return "";
  const effects = pending.length === 0 ? "" : ` (${pending.join(", ")})`;
  return `${counted(tools.not_executed, "call")} never executed${effects}`;
}

function boundaryText({ boundary, exposed }: Facts["side_effects"]): string {
  const tools = exposed === undefined ? "exposed tools" : counted(exposed, "exposed tool");
  switch (boundary) {
    case "classified":
      return `${tools}, all classified`;
    case "unclassified":
      return `${tools}, not all classified`;
    case "unknown":
      return "exposed tools not known";
  }
}

/** How its own clean-up went; empty where there was none. */
export function cleanUpText({ facts: { finalizers } }: RunIncident): string {
  return listed([
    some(finalizers.completed, "completed"),
    some(finalizers.failed, "failed"),
    some(finalizers.pending, "not finished"),
  ]);
}

/** What is not known, and whether the advice would change if it were; empty where nothing is missing. */
export function unknownText({ gaps, retry }: RunIncident): string {
  const codes = [...new Set([...retry.unknown, ...gaps])];
  return codes
    .map((code) => (retry.unknown.includes(code) ? `${code} (the advice may change)` : code))
    .join(", ");
}

/** What one piece of evidence says besides its type; of which attempt, where there were several. */
export function evidenceText(evidence: IncidentEvidence, { attempts }: Facts): string {
  const { tool, tool_call: call, count = 1, status, watchdog, duration } = evidence;
  return listed([
    attempts > 1 && evidence.attempt !== undefined ? `attempt ${evidence.attempt}` : "",
    tool === undefined ? "" : `${tool}${call === undefined ? "" : ` (call ${call})`}`,
    evidence.effect ?? "",
    evidence.provider_executed ? "by the provider" : "",
    evidence.name ?? "",
    closeText(evidence),
    evidence.error_kind ?? "",
    status === undefined ? "" : `HTTP ${status}`,
    watchdog === undefined ? "" : `watchdog ${watchdog}`,
    errorText(evidence),
    duration === undefined ? "" : `took ${secondsText(duration)}`,
    count === 1 ? "" : `${count} times`,
  ]);
}

function closeText({ close }: IncidentEvidence): string {
  return close?.action_kind ?? close?.class ?? "";
}

function errorText({ error }: IncidentEvidence): string {
  if (error === undefined) return "";
  const own = [error.name, error.code].filter((part) => part !== undefined).join(" ");
  const cause = [error.cause_name, error.cause_code].filter((part) => part !== undefined).join(" ");
  return cause === "" ? own : `${own} caused by ${cause}`.trimStart();
}

function some(count: number, what: string): string {
  return count === 0 ? "" : `${count} ${what}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function listed(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(", ");
}
