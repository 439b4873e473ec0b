import { standingUnasked } from "../story/standing.ts";
import { type CauseRule, foundAt } from "./cause-rule.ts";

/** The request to the provider could not be made, and the run did not go on. */
export const requestSetupFailure: CauseRule = {
  cause: "request_setup_failure",
  find: (story) => foundAt(standingUnasked(story, ({ type }) => type === "request_setup_failed")),
};
