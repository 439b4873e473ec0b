import type { ToolEffect } from "@otel-lifecycle/api";
import type { Evidence } from "../evidence.ts";
import { isSeenBy, latest, type Moment, timesOf } from "./moment.ts";
import type { Story } from "./story.ts";

/** One call of a tool by its number; or all calls of one tool that have none, counted. */
export interface Call {
  readonly toolCall: number | undefined;
  readonly tool: string | undefined;
  inputStarted: number;
  inputCompleted: number;
  materialized: number;
  started: number;
  /** Begun after the moment, and none the less begun. */
  startedLater: number;
  completed: number;
  failed: number;
  interrupted: number;
  /** Of executions, the last that was seen. */
  lastExecution: Evidence | undefined;
  /** All that was said of it: one number, or one name, may stand for several calls. */
  readonly effects: Set<ToolEffect>;
  providerExecuted: boolean;
}

/**
 * The calls of tools as they stood at a moment, in the order in which they were last heard of.
 * That an execution began is counted whenever it did, because what a tool did stays done; how it
 * ended only until then, because what clean-up stopped had been executing.
 */
export const callsAt = ({ evidence }: Story, moment: Moment): readonly Call[] => {
  const calls: Call[] = [];
  for (const [index, one] of evidence.entries()) {
    if (!OF_CALLS.has(one.type)) continue;
    const isSeen = isSeenBy(one, index, moment);
    if (!isSeen && !COUNTS_LATER.has(one.type)) continue;
    const call = callOf(calls, one);
    if (isSeen) moveToEnd(calls, call);
    note(call, one, isSeen);
  }
  return calls;
};

const OF_CALLS: ReadonlySet<string> = new Set([
  "tool_input_started",
  "tool_input_completed",
  "tool_call_materialized",
  "tool_execution_started",
  "tool_execution_completed",
  "tool_execution_failed",
  "pending_tool_interrupted",
]);

const COUNTS_LATER: ReadonlySet<string> = new Set([
  "tool_execution_started",
  "pending_tool_interrupted",
]);

const callOf = (calls: Call[], one: Evidence): Call => {
  const { facts } = one;
  const known = calls.findLast(
    ({ toolCall, tool }) =>
      toolCall === facts.toolCall && (toolCall !== undefined || tool === facts.tool),
  );
  if (known !== undefined && !isAnother(known, one)) return known;
  const call: Call = {
    toolCall: facts.toolCall,
    tool: facts.tool,
    inputStarted: 0,
    inputCompleted: 0,
    materialized: 0,
    started: 0,
    startedLater: 0,
    completed: 0,
    failed: 0,
    interrupted: 0,
    lastExecution: undefined,
    effects: new Set(),
    providerExecuted: false,
  };
  calls.push(call);
  return call;
};

// Some providers number the calls of each answer from the start.
const isAnother = ({ toolCall, lastExecution }: Call, { type, attempt }: Evidence): boolean =>
  toolCall !== undefined &&
  (type === "tool_input_started" || type === "tool_call_materialized") &&
  lastExecution !== undefined &&
  lastExecution.type !== "tool_execution_started" &&
  attempt > lastExecution.attempt;

const moveToEnd = (calls: Call[], call: Call): void => {
  if (calls[calls.length - 1] === call) return;
  calls.splice(calls.indexOf(call), 1);
  calls.push(call);
};

const note = (call: Call, one: Evidence, isSeen: boolean): void => {
  // Of one call, the same said twice is said once.
  const times = call.toolCall === undefined ? timesOf(one) : 1;
  const { effect, providerExecuted } = one.facts;
  if (effect !== undefined) call.effects.add(effect);
  if (providerExecuted === true) call.providerExecuted = true;
  switch (one.type) {
    case "tool_input_started":
      call.inputStarted += times;
      break;
    case "tool_input_completed":
      call.inputCompleted += times;
      break;
    case "tool_call_materialized":
      call.materialized += times;
      break;
    case "pending_tool_interrupted":
      call.interrupted += times;
      break;
    default:
      noteExecution(call, one, isSeen ? times : 0);
      if (!isSeen) call.startedLater += times;
  }
};

const noteExecution = (call: Call, one: Evidence, times: number): void => {
  if (times > 0) call.lastExecution = latest(call.lastExecution, one);
  if (one.type === "tool_execution_started") call.started += times;
  if (one.type === "tool_execution_completed") call.completed += times;
  if (one.type === "tool_execution_failed") call.failed += times;
};
