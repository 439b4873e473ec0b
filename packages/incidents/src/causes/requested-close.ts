import type { ActionFacts, RequestedClose } from "../evidence.ts";
import { firstRequest } from "../story/standing.ts";
import type { Story } from "../story/story.ts";
import type { Found } from "./cause-rule.ts";

/**
 * The close that the run ended with, from where it was requested. The run met it when it was told;
 * one that was never told, when it ended: until then it went on, whatever was requested.
 */
export const requestedClose = (story: Story): Found => {
  const { evidence, end, course } = story;
  const search = { closeClass: end.class, closing: closingIn(story) };
  const told = firstRequest(evidence, "close_propagated", search);
  return { initiating: course.asked ?? told, observed: told };
};

/** The action that closed the run, and those that it is part of, the nearest first. */
export const closingActions = (story: Story): readonly ActionFacts[] => {
  if (story.end.class !== "lifecycle_action") return NONE;
  const closing = closingIn(story) ?? requestIn(story);
  return closing?.class === "lifecycle_action" ? closing.actions : NONE;
};

const NONE: readonly ActionFacts[] = [];

// As the end itself says, else as it was requested, of this class first.
const closingIn = ({ evidence, endedAt, course, end }: Story): RequestedClose | undefined => {
  const closing = evidence[endedAt]?.facts.close;
  if (closing?.class === end.class) return closing;
  return course.asked === undefined ? undefined : evidence[course.asked]?.facts.close;
};

// Of a request that was left out, or never recorded, the run may have been told all the same.
const requestIn = (story: Story): RequestedClose | undefined => {
  const { initiating } = requestedClose(story);
  return initiating === undefined ? undefined : story.evidence[initiating]?.facts.close;
};
