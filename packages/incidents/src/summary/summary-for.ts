import { adviceFor } from "../advice/advice-for.ts";
import type { RunPhase, StreamPhase } from "../incident/phases.ts";
import type { Told } from "../told.ts";
import { type Brief, sentenceOf } from "./brief.ts";

/**
 * One plain English line of at most 160 characters: what broke, how far it had got, what may be
 * done. Nothing stands in it but words of ours, tokens of kinds and counts.
 */
export const summaryFor = (told: Told): string => {
  const { recommendation } = adviceFor(told);
  const { cause, subcause = told.action?.kind, errorKind } = told;
  const brief: Brief = { cause, subcause, phase: phaseOf(told), recommendation };
  return sentenceOf(brief, { errorKind, running: told.facts.tools.running }) ?? FALLBACK;
};

// While it streams, how far the stream had got says more than that it streamed.
const phaseOf = ({ phases: { run, stream } }: Told): RunPhase | StreamPhase =>
  (run === "streaming" || run === "tool_generation") && stream !== "unknown" ? stream : run;

const FALLBACK = "it broke off";
