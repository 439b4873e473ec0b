import type { EvidenceFacts, Run } from "@otel-lifecycle/api";
import type { ToolCall } from "./model/reading.ts";
import { executeTool, type ToolEnvironment, ToolInterruptedError } from "./tools.ts";

/** The calls of one run, from the first piece of their input to their result. */
export interface ToolCalls {
  /** The model has begun to call a tool. */
  readonly begin: (call: ToolCall) => void;
  /** Executes the call, and gives the text to answer it with. */
  readonly execute: (call: ToolCall, environment: ToolEnvironment) => Promise<string>;
  /** Gives up those that have not ended, whether or not they had begun to execute. */
  readonly giveUp: () => void;
}

export const createToolCalls = (run: Run): ToolCalls => {
  const pending = new Map<string, ToolCall>();

  return {
    begin: (call) => pending.set(call.id, call),

    execute: async (call, environment) => {
      // Its effect is the one with which the tool was exposed.
      run.evidence("tool_execution_started", factsOf(call));
      try {
        const output = await executeTool(call, environment);
        pending.delete(call.id);
        run.evidence("tool_execution_completed", factsOf(call));
        return output;
      } catch (error) {
        // What was interrupted has not failed: nobody knows how far it had got. If that was by the
        // run's own end, it is given up with it.
        if (environment.signal.aborted) throw error;
        pending.delete(call.id);
        if (error instanceof ToolInterruptedError) {
          run.evidence("pending_tool_interrupted", factsOf(call));
        } else {
          run.evidence("tool_execution_failed", { ...factsOf(call), error });
        }
        throw error;
      }
    },

    giveUp: () => {
      for (const call of pending.values()) run.evidence("pending_tool_interrupted", factsOf(call));
      pending.clear();
    },
  };
};

const factsOf = ({ id, name }: ToolCall): EvidenceFacts => ({
  tool: name,
  toolCallId: id,
  source: "tool_runner",
});
