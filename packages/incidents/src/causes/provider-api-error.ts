import { standingUnasked } from "../story/standing.ts";
import { type CauseRule, foundAt } from "./cause-rule.ts";

/** The provider answered with an error, and the run did not go on. */
export const providerApiError: CauseRule = {
  cause: "provider_api_error",
  find: (story) => foundAt(standingUnasked(story, ({ type }) => type === "provider_error")),
};
