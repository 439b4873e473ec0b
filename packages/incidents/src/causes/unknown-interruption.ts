import type { CauseRule } from "./cause-rule.ts";
import { requestedClose } from "./requested-close.ts";

/** Nothing that is known broke it. A client that went away is told, and not taken for a user's cancel. */
export const unknownInterruption: CauseRule = {
  cause: "unknown_interruption",
  find: (story) =>
    story.end.class === "client_disconnect"
      ? { ...requestedClose(story), subcause: "client_disconnect" }
      : { initiating: undefined, observed: undefined },
};
