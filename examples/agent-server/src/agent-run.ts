import { type Scope, withRun } from "@otel-lifecycle/api";
import { type Conversation, converse } from "./conversation.ts";
import type { Part } from "./model/reading.ts";

export interface AgentRunOptions extends Omit<Conversation, "run" | "onPhase"> {
  readonly id: string;
  readonly timeoutMs: number;
  readonly scope: Scope;
}

/** What it does; while the model answers, what part of the answer came last. */
export type Phase = "waiting" | Part | "tool" | "stopping" | "ended";

export interface AgentRun {
  readonly id: string;
  readonly phase: Phase;
  /** The name of the error it ended with: all that the application itself gets to see. */
  readonly error: string | undefined;
  /** The user's stop. */
  readonly cancel: () => void;
  /** Aborts the application's own controller, and does not say why. */
  readonly abort: () => void;
  /** Resolves once the run has ended, however it did. */
  readonly ended: Promise<void>;
}

/** Starts a run that answers one message of a user. */
export const startAgentRun = (options: AgentRunOptions): AgentRun => {
  const { id, scope, timeoutMs } = options;
  const controller = new AbortController();
  const { signal } = controller;
  let phase: Phase = "waiting";
  let error: string | undefined;
  let cancel = (): void => {};

  // The run: its span, its deadline and the one signal that everything in it listens to.
  const answered = withRun({ name: "agent run", id, scope, signal, timeoutMs }, (run) => {
    cancel = () => run.cancel();
    run.signal.addEventListener("abort", () => {
      phase = "stopping";
    });
    return converse({
      ...options,
      run,
      onPhase: (next) => {
        phase = next;
      },
    });
  });

  return {
    id,
    get phase() {
      return phase;
    },
    get error() {
      return error;
    },
    cancel: () => cancel(),
    abort: () => controller.abort(),
    ended: answered
      .catch((reason: unknown) => {
        error = reason instanceof Error ? reason.name : "unknown";
      })
      .finally(() => {
        phase = "ended";
      }),
  };
};
