import type { Decided } from "../causes/decide-cause.ts";
import { type Call, callsAt } from "../story/calls-at.ts";
import { type Moment, momentOf } from "../story/moment.ts";
import type { Story } from "../story/story.ts";
import { type StreamView, streamAt } from "../story/stream-at.ts";
import { type Standing, standingsOf, type ToolTally, tallyOf } from "./tool-tally.ts";

/** How everything stood at the moment in which the run met what broke it off. */
export interface Scene {
  readonly story: Story;
  readonly decided: Decided;
  readonly moment: Moment;
  readonly stream: StreamView;
  readonly calls: readonly Call[];
  readonly standings: readonly Standing[];
  readonly tally: ToolTally;
}

export const sceneOf = (story: Story, decided: Decided): Scene => {
  const moment = momentOf(story, decided.observed);
  const calls = callsAt(story, moment);
  const standings = standingsOf(calls);
  return {
    story,
    decided,
    moment,
    stream: streamAt(story, decided.observed),
    calls,
    standings,
    tally: tallyOf(story, standings),
  };
};
