import type { EvidenceFacts, Observed, Run, ToolEffect } from "@otel-lifecycle/api";
import { textField } from "./failures/error-tree.ts";
import { lookedAt } from "./pass-through.ts";
import { isThenable } from "./thenable.ts";

/** The tool that {@link observeTool} looks at. */
export interface ObservedTool {
  readonly name: string;
  /** What it may do outside the run. Default: as the run's `side_effect_boundary` says. */
  readonly effect?: ToolEffect;
  /** Of a call that is known. Default: the `toolCallId` of the second argument, as the AI SDK gives it. */
  readonly toolCallId?: string;
}

/**
 * The same function, which tells `run` that the tool began to be executed, and how that ended.
 * Arguments, `this`, results and errors are the function's own; a promise is awaited by one of ours
 * in its place, and what an async generator yields passes as it comes.
 */
export const observeTool = <Args extends readonly unknown[], Result, This = void>(
  run: Pick<Run, "evidence">,
  tool: ObservedTool,
  execute: (this: This, ...args: Args) => Result,
): ((this: This, ...args: Args) => Observed<Result>) =>
  function (this: This, ...args: Args): Observed<Result> {
    const execution = executionOf(run, factsOf(tool, args[1]));
    let result: Result;
    try {
      result = Reflect.apply(execute, this, args);
    } catch (error) {
      execution.fail(error);
      throw error;
    }
    return watched(result, execution) as Observed<Result>;
  };

const factsOf = ({ name, effect, toolCallId }: ObservedTool, options: unknown): EvidenceFacts => {
  const id = toolCallId ?? textField(options, "toolCallId");
  return {
    source: "tool_runner",
    tool: name,
    ...(id !== undefined && { toolCallId: id }),
    ...(effect !== undefined && { effect }),
  };
};

interface Execution {
  end(): void;
  fail(error: unknown): void;
}

const executionOf = (run: Pick<Run, "evidence">, facts: EvidenceFacts): Execution => {
  run.evidence("tool_execution_started", facts);
  return {
    end: () => run.evidence("tool_execution_completed", facts),
    fail: (error) => run.evidence("tool_execution_failed", { ...facts, error }),
  };
};

/** What is not done when it is given back is done later. */
const watched = (result: unknown, execution: Execution): unknown => {
  if (isAsyncGenerator(result)) {
    const parts = lookedAt(result, () => ({ begin: IGNORED, part: IGNORED, ...execution }));
    // What else a generator has: its tag, and that `await using` disposes of it.
    return Object.setPrototypeOf(parts, Object.getPrototypeOf(result));
  }
  if (!isThenable(result)) {
    execution.end();
    return result;
  }
  // In its place, because a second handler on the same promise would hide a rejection.
  return Promise.resolve(result).then(
    (value) => {
      execution.end();
      return value;
    },
    (error) => {
      execution.fail(error);
      throw error;
    },
  );
};

const IGNORED = (): void => undefined;

/** Not anything that can be iterated: a stream is a result, and has methods of its own. */
const isAsyncGenerator = (value: unknown): value is AsyncGenerator => {
  try {
    return Object.prototype.toString.call(value) === "[object AsyncGenerator]";
  } catch {
    return false;
  }
};
