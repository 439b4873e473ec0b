import type { CauseRule } from "./cause-rule.ts";
import { requestedClose } from "./requested-close.ts";

/** The close says so: the user's request was recorded, or carried by the abort's reason. */
export const userCancel: CauseRule = { cause: "user_cancel", find: requestedClose };
