import type { CauseRule } from "./cause-rule.ts";
import { closingActions, requestedClose } from "./requested-close.ts";

/** An action closed it, by its kind; or something did, and nobody says what. */
export const localLifecycleClose: CauseRule = {
  cause: "local_lifecycle_close",
  find: (story) => {
    const [action] = closingActions(story);
    return { ...requestedClose(story), subcause: action?.kind ?? "unknown_lifecycle_close" };
  },
};
