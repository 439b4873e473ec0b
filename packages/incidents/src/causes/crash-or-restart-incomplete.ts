import type { CauseRule } from "./cause-rule.ts";

/** The close says so: the process was gone before the run had ended. */
export const crashOrRestartIncomplete: CauseRule = {
  cause: "crash_or_restart_incomplete",
  find: () => ({ initiating: undefined, observed: undefined }),
};
