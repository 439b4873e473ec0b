import type { ToolEffect } from "@otel-lifecycle/api";
import type { IncidentFacts } from "../incident/incident-facts.ts";
import type { Call } from "../story/calls-at.ts";
import { omittedOf } from "../story/omitted.ts";
import type { Story } from "../story/story.ts";

/** How the calls of tools stood, and of what they lack evidence that nothing explains. */
export interface ToolTally {
  readonly tools: IncidentFacts["tools"];
  /** Of executions, and of calls that wait for theirs. */
  readonly executed: readonly Call[];
  readonly waiting: readonly Call[];
  /** Executions, or calls, that were left out by the bound, and of which no more is known. */
  readonly unseen: { readonly executions: number; readonly calls: number };
  readonly lacks: Lacking;
}

/** How many calls went on without what comes before. */
export interface Lacking {
  readonly start: number;
  readonly materialization: number;
  readonly inputStart: number;
}

/** How one call, or those of one tool, stand. */
export interface Standing {
  readonly call: Call;
  /** At the moment; an execution that began after it is only counted. */
  readonly isExecuting: boolean;
  pending: number;
  notExecuted: number;
  running: number;
  interrupted: number;
  readonly completed: number;
  readonly failed: number;
  readonly lacksStart: number;
  lacksMaterialization: number;
  readonly lacksInputStart: number;
}

/** How each of them stands. */
export const standingsOf = (calls: readonly Call[]): readonly Standing[] => {
  const standings = calls.map((call) => (call.toolCall === undefined ? ofMany(call) : ofOne(call)));
  for (const one of standings) if (one.call.toolCall === undefined) lend(one, standings);
  return standings;
};

const ofOne = (call: Call): Standing => {
  const isEnded = call.completed + call.failed > 0;
  const isBegun = call.started + call.startedLater > 0;
  const last = call.lastExecution?.type;
  const isAgain = isEnded && (last === "tool_execution_started" || call.startedLater > 0);
  const isWhole = call.materialized > 0;
  const isTouched = isBegun || isEnded;
  // The provider does not say when it begins.
  const isRemote = isWhole && !isTouched && call.providerExecuted;
  const isRunning = isAgain || isRemote || (isBegun && !isEnded);
  // Nobody here can tell whether the provider had begun.
  const isInterrupted = isRunning && !isRemote && call.interrupted > 0;
  return {
    call,
    isExecuting: isRunning && (call.started > 0 || isRemote),
    pending: Number(call.inputStarted + call.inputCompleted > 0 && !isWhole && !isTouched),
    notExecuted: Number(isWhole && !isTouched && !isRemote),
    running: Number(isRunning && !isInterrupted),
    interrupted: Number(isInterrupted),
    completed: Number(!isAgain && isEnded && last === "tool_execution_completed"),
    failed: Number(!isAgain && isEnded && last === "tool_execution_failed"),
    lacksStart: Number(isEnded && !isBegun && !call.providerExecuted),
    lacksMaterialization: Number(isTouched && !isWhole),
    lacksInputStart: Number(call.inputCompleted > 0 && call.inputStarted === 0),
  };
};

const ofMany = (call: Call): Standing => {
  const ended = call.completed + call.failed;
  const begun = Math.max(call.started, ended) + call.startedLater;
  const open = begun - ended;
  const whole = Math.max(0, call.materialized - begun);
  const remote = call.providerExecuted ? whole : 0;
  const interrupted = Math.min(open, call.interrupted);
  const written = Math.max(call.inputStarted, call.inputCompleted);
  return {
    call,
    isExecuting: open + remote > call.startedLater,
    pending: Math.max(0, written - Math.max(call.materialized, begun)),
    notExecuted: whole - remote,
    running: open + remote - interrupted,
    interrupted,
    completed: call.completed,
    failed: call.failed,
    lacksStart: call.providerExecuted ? 0 : Math.max(0, ended - call.started),
    lacksMaterialization: Math.max(0, begun - call.materialized),
    lacksInputStart: Math.max(0, call.inputCompleted - call.inputStarted),
  };
};

// An execution that does not say of which call is that of one which waits for it; and an
// interruption that does not, that of one which is executing.
const lend = (one: Standing, standings: readonly Standing[]): void => {
  let interruptions = one.call.interrupted - one.interrupted;
  for (const other of standings) {
    if (other.call.toolCall === undefined || !isSameTool(one.call, other.call)) continue;
    if (one.lacksMaterialization > 0 && other.notExecuted > 0) {
      one.lacksMaterialization -= 1;
      other.notExecuted = 0;
    }
    if (interruptions > 0 && other.running > 0 && other.call.started > 0) {
      interruptions -= 1;
      other.running = 0;
      other.interrupted = 1;
    }
  }
};

const isSameTool = (a: Call, b: Call): boolean =>
  a.tool === undefined || b.tool === undefined || a.tool === b.tool;

/** Their sum, with what the bound took out: of that nothing is taken for ended that may not have. */
export const tallyOf = (story: Story, standings: readonly Standing[]): ToolTally => {
  const sum = (of: (one: Standing) => number): number => {
    let total = 0;
    for (const one of standings) total += of(one);
    return total;
  };
  const completed = omittedOf(story, "tool_execution_completed");
  const failed = omittedOf(story, "tool_execution_failed");
  const started = omittedOf(story, "tool_execution_started");
  const whole = omittedOf(story, "tool_call_materialized");
  const written = omittedOf(story, "tool_input_started");
  const lacks = {
    start: sum((one) => one.lacksStart) - started,
    materialization: sum((one) => one.lacksMaterialization) - whole,
    inputStart: sum((one) => one.lacksInputStart) - written,
  };
  const executions = Math.max(0, -lacks.start - completed - failed);
  const calls = Math.max(0, -lacks.materialization - Math.max(started, completed + failed));
  return {
    tools: {
      input_pending: sum((one) => one.pending) + Math.max(0, -lacks.inputStart - whole),
      not_executed: sum((one) => one.notExecuted) + calls,
      running: sum((one) => one.running) + executions,
      interrupted: sum((one) => one.interrupted),
      completed: sum((one) => one.completed) + completed,
      failed: sum((one) => one.failed) + failed,
    },
    executed: standings.filter(isExecuted).map(({ call }) => call),
    waiting: standings.filter(({ notExecuted }) => notExecuted > 0).map(({ call }) => call),
    unseen: { executions: Math.max(started, completed + failed), calls },
    lacks,
  };
};

const isExecuted = (one: Standing): boolean =>
  one.running + one.interrupted + one.completed + one.failed > 0;

/** The effects of calls, in the order of the type. */
export const inOrderOfType = (effects: ReadonlySet<ToolEffect>): readonly ToolEffect[] =>
  effects.size === 0 ? [] : EFFECTS.filter((effect) => effects.has(effect));

/** All effects there are. */
export const EFFECTS: readonly ToolEffect[] = [
  "read_only",
  "local_file_write",
  "local_process",
  "external",
  "unknown",
];
