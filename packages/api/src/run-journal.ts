import type { ManagedAction } from "./actions/managed-action.ts";
import type { Cause } from "./closes/cause.ts";
import { reportFailure } from "./diagnostics.ts";
import { registry } from "./registry.ts";
import type { ManagedRun } from "./runs/managed-run.ts";

/** What takes down what is in flight, so that it outlives the process. */
export interface RunJournal {
  /** The run is in the registry, and its span has begun. */
  runBegan(run: ManagedRun): void;
  /** An automatic run left its place to one of the API: its span goes on as none. */
  runYielded(run: ManagedRun): void;
  /** Something that may end the run was initiated in its cell; covers stand on its scopes. */
  initiated(run: ManagedRun, cause: Cause): void;
  /** The run has its close, and its span, which is somebody else's, goes on. */
  runSettled(run: ManagedRun): void;
  /** The action covers its scope, and has asked nobody yet. */
  actionBegan(action: ManagedAction): void;
  /** The action's code is done, or its cover has lapsed as well; its span may go on. */
  actionDone(action: ManagedAction): void;
  /** Evidence of a run was kept, in the form in which it may leave the process. */
  noted(run: ManagedRun, evidence: object): void;
  /** A span has ended that the processor saw; it can be written no more. */
  spanEnded(span: object, processor: object): void;
}

/** Tells the journal, if there is one; what it throws stays here. */
export const journalled = (tell: (journal: RunJournal) => void): void => {
  const { journal } = registry;
  if (journal === undefined) return;
  try {
    tell(journal);
  } catch (error) {
    reportFailure("journal", error);
  }
};
