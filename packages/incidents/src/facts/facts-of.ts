import type { IncidentFacts } from "../incident/incident-facts.ts";
import { isSeenBy, timesOf } from "../story/moment.ts";
import { naturalOf, omittedOf } from "../story/omitted.ts";
import { finalizerFacts } from "./finalizer-facts.ts";
import { isRetryable } from "./retryable.ts";
import type { Scene } from "./scene.ts";
import { sideEffectsOf } from "./side-effects.ts";

/** What had happened when the run broke off. */
export const factsOf = (scene: Scene): IncidentFacts => {
  const { story, decided, moment, stream, tally } = scene;
  const { opened, progress, text, reasoning, completed, attempt } = stream;
  const broke = decided.initiating === undefined ? undefined : story.evidence[decided.initiating];
  const retryable = isRetryable(decided, broke?.facts);
  return {
    attempts: attemptsIn(scene),
    ...(attempt > 0 ? { terminal_attempt: attempt } : undefined),
    stream: { opened, progress, text, reasoning, completed },
    tools: tally.tools,
    side_effects: sideEffectsOf(story, moment, scene),
    finalizers: finalizerFacts(story),
    ...(retryable === undefined ? undefined : { retryable }),
  };
};

// Who numbers attempts has begun as many; who does not has said each time that one began.
const attemptsIn = ({ story, moment }: Scene): number => {
  let begun = omittedOf(story, "attempt_started");
  let last = 0;
  for (const [index, one] of story.evidence.entries()) {
    if (!isSeenBy(one, index, moment)) continue;
    if (one.type === "attempt_started") begun += timesOf(one);
    last = Math.max(last, naturalOf(one.attempt));
  }
  return Math.max(begun, last);
};
