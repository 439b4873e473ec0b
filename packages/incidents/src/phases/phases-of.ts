import type { Scene } from "../facts/scene.ts";
import type { Phases } from "../incident/phases.ts";
import { OF_THE_WORK } from "../story/types.ts";
import { runPhase } from "./run-phase.ts";
import { streamPhase } from "./stream-phase.ts";
import { toolPhase } from "./tool-phase.ts";

/** How far run, stream and tool had got when the run met what broke it off. */
export const phasesOf = (scene: Scene): Phases => {
  // Of a run that says nothing of its work, nothing is known; not that there was none.
  const isTold = scene.story.evidence.some(({ type }) => OF_THE_WORK.has(type));
  return {
    run: runPhase(scene, isTold),
    stream: streamPhase(scene, isTold),
    tool: toolPhase(scene, isTold),
  };
};
