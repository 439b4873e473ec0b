import type { IncidentFacts } from "../incident/incident-facts.ts";
import { timesOf } from "../story/moment.ts";
import { omittedOf } from "../story/omitted.ts";
import type { Story } from "../story/story.ts";

/** How clean-up went, also after what broke the run off. */
export const finalizerFacts = (story: Story): IncidentFacts["finalizers"] => {
  let started = omittedOf(story, "finalizer_started");
  let completed = omittedOf(story, "finalizer_completed");
  let failed = omittedOf(story, "finalizer_failed");
  for (const one of story.evidence) {
    if (one.type === "finalizer_started") started += timesOf(one);
    if (one.type === "finalizer_completed") completed += timesOf(one);
    if (one.type === "finalizer_failed") failed += timesOf(one);
  }
  return { completed, failed, pending: Math.max(0, started - completed - failed) };
};
