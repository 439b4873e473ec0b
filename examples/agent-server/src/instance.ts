import { createScope, type Scope } from "@otel-lifecycle/api";
import { type AgentRun, type AgentRunOptions, startAgentRun } from "./agent-run.ts";

/** What is asked of a run, wherever it runs. */
export type RunRequest = Omit<AgentRunOptions, "scope" | "directory" | "providerUrl">;

export interface InstanceOptions {
  readonly directoryScope: Scope;
  readonly directory: string;
  readonly providerUrl: string;
}

/** What serves one directory until it is reloaded or disposed. */
export interface Instance {
  readonly scope: Scope;
  readonly start: (request: RunRequest) => AgentRun;
  readonly close: () => Promise<void>;
}

export const createInstance = ({
  directoryScope,
  directory,
  providerUrl,
}: InstanceOptions): Instance => {
  const scope = createScope({ kind: "instance", parent: directoryScope });
  const running = new Set<AgentRun>();

  return {
    scope,
    start: (request) => {
      const run = startAgentRun({ ...request, scope, directory, providerUrl });
      running.add(run);
      void run.ended.then(() => running.delete(run));
      return run;
    },
    // As it was before otel-lifecycle, and as it reads in many servers: every controller is
    // aborted alike, and no run can tell whether a reload, a dispose or a user did it.
    close: async () => {
      const ending = [...running];
      for (const run of ending) run.abort();
      await Promise.all(ending.map((run) => run.ended));
    },
  };
};
