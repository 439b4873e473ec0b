import { wordOf } from "./word-of.ts";
import {
  ADVICE_WORDS,
  CAUSE_WORDS,
  DISCONNECT_WORDS,
  PHASE_WORDS,
  SUBCAUSE_WORDS,
  wordsFor,
} from "./wording.ts";

/** What stands on a run's span about its incident; any string may be there, and any may be absent. */
export interface Brief {
  readonly cause?: string | undefined;
  readonly subcause?: string | undefined;
  readonly phase?: string | undefined;
  readonly recommendation?: string | undefined;
}

/** What is known besides, where the incident itself is there. */
export interface BriefFacts {
  readonly errorKind: string | undefined;
  /** How many tools were running. */
  readonly running: number;
}

/**
 * One plain English line of at most 160 characters, for whoever has only the span's attributes.
 * A cause that nobody knows stands as its own name; what is no name is left out, and without a
 * cause there is no line: what comes back is safe to print.
 */
export const briefOf = (brief: Brief): string | undefined =>
  sentenceOf(brief, { errorKind: undefined, running: 0 });

export const sentenceOf = (brief: Brief, facts: BriefFacts): string | undefined => {
  const broke = brokeOf(brief, facts);
  if (broke === undefined) return undefined;
  const where = whereOf(brief, facts);
  const advice = wordsFor(ADVICE_WORDS, brief.recommendation);
  const told = where ? `${broke} ${where}` : broke;
  return advice === undefined ? told : `${told}; ${advice}`;
};

const brokeOf = ({ cause, subcause }: Brief, { errorKind }: BriefFacts): string | undefined => {
  const kind = wordOf(errorKind ?? subcause);
  if (cause === "provider_api_error" && kind !== undefined) {
    return `${CAUSE_WORDS.provider_api_error} (${kind})`;
  }
  if (cause !== undefined && SAYS_MORE.has(cause)) {
    const said = wordsFor(SUBCAUSE_WORDS, subcause);
    if (said !== undefined) return said;
  }
  const action = wordOf(subcause);
  if (cause === "local_lifecycle_close" && action !== undefined) return `closed by ${action}`;
  return wordsFor(CAUSE_WORDS, cause) ?? wordOf(cause);
};

const whereOf = ({ cause, subcause, phase }: Brief, { running }: BriefFacts): string => {
  const broken =
    cause === "provider_transport_disconnect" ? wordsFor(DISCONNECT_WORDS, subcause) : undefined;
  if (broken) return broken;
  if (cause !== undefined && TELLS_WHERE.has(cause)) return "";
  if (phase === "tool_execution" && running > 1) return `while ${running} tools were running`;
  return wordsFor(PHASE_WORDS, phase) ?? "";
};

// Their subcause says what it was.
const SAYS_MORE: ReadonlySet<string> = new Set([
  "local_lifecycle_close",
  "watchdog_timeout",
  "unknown_interruption",
]);

// Their words say already how far it had got.
const TELLS_WHERE: ReadonlySet<string> = new Set([
  "request_setup_failure",
  "tool_execution_failure",
  "tool_execution_interrupted",
]);
