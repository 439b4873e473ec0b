import type { Watchdog } from "@otel-lifecycle/api";
import type { ErrorFacts } from "../evidence.ts";
import { standing, standingUnasked } from "../story/standing.ts";
import type { Story } from "../story/story.ts";
import { type CauseRule, type Found, foundAt } from "./cause-rule.ts";
import { requestedClose } from "./requested-close.ts";

/** A watch over the provider's stream gave up, or a deadline passed. */
export const watchdogTimeout: CauseRule = {
  cause: "watchdog_timeout",
  find: (story) => (story.end.class === "timeout" ? ofTimeout(story) : ofWatchdog(story)),
};

const ofWatchdog = (story: Story): Found | undefined => {
  const found = foundAt(standingUnasked(story, isWatchdog));
  return found && { ...found, subcause: watchOf(story, found.initiating) };
};

// The close says timeout: the watchdog may have stopped the run first and said so then.
const ofTimeout = (story: Story): Found => {
  const fired = standing(story, isWatchdog);
  const asked = requestedClose(story);
  if (fired === undefined) {
    const watch = watchInError(story.evidence[story.endedAt]?.facts.error);
    return { ...asked, subcause: watch ?? "unknown", isDeadline: watch === undefined };
  }
  const subcause = watchOf(story, fired);
  if (asked.initiating === undefined || fired < asked.initiating) {
    return { initiating: fired, observed: fired, subcause };
  }
  return { ...asked, subcause };
};

const isWatchdog = ({ type }: { readonly type: string }): boolean => type === "watchdog_fired";

const watchOf = ({ evidence }: Story, index: number | undefined): string =>
  (index === undefined ? undefined : evidence[index]?.facts.watchdog) ?? "unknown";

const watchInError = (error: ErrorFacts | undefined): Watchdog | undefined =>
  WATCHES.get(error?.code ?? "") ?? WATCHES.get(error?.causeCode ?? "");

// Of undici, which watches each of its connections.
const WATCHES: ReadonlyMap<string, Watchdog> = new Map([
  ["UND_ERR_CONNECT_TIMEOUT", "connect"],
  ["UND_ERR_BODY_TIMEOUT", "silent_stream"],
  ["UND_ERR_HEADERS_TIMEOUT", "unknown"],
]);
