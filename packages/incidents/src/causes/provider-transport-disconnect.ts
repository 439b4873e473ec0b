import type { ErrorFacts } from "../evidence.ts";
import { type Standing, standingsOf } from "../facts/tool-tally.ts";
import { callsAt } from "../story/calls-at.ts";
import { momentOf } from "../story/moment.ts";
import { standing, standingUnasked } from "../story/standing.ts";
import type { Story } from "../story/story.ts";
import { type StreamView, streamAt } from "../story/stream-at.ts";
import { OF_THE_WORK } from "../story/types.ts";
import type { CauseRule, Found } from "./cause-rule.ts";
import { requestedClose } from "./requested-close.ts";

/**
 * The connection to the provider broke, or never stood: the close says so; or a transport failure
 * stands; or an attempt was begun, the provider had not answered, and the run ended with an error
 * whose code says that no connection came about.
 */
export const providerTransportDisconnect: CauseRule = {
  cause: "provider_transport_disconnect",
  find: (story) => {
    if (story.end.class === "upstream_disconnect") return ofDisconnect(story);
    const failed = standingUnasked(story, isFailure);
    if (failed !== undefined) return found(story, failed);
    return story.end.class === "error" ? neverStood(story) : undefined;
  },
};

const isFailure = ({ type }: { readonly type: string }): boolean => type === "transport_failure";

// The close says so, also where nobody saw the connection break.
const ofDisconnect = (story: Story): Found => {
  const failed = standing(story, isFailure);
  if (failed !== undefined) return found(story, failed);
  const asked = requestedClose(story);
  // Of a run that says nothing of its work, nothing is known; not that nothing had come.
  const isTold = story.evidence.some(({ type }) => OF_THE_WORK.has(type));
  return { ...asked, subcause: isTold ? positionAt(story, asked.observed) : UNKNOWN };
};

const found = (story: Story, failed: number): Found => ({
  initiating: failed,
  observed: failed,
  subcause: positionAt(story, failed),
});

const neverStood = (story: Story): Found | undefined => {
  const error = story.evidence[story.endedAt]?.facts.error;
  if (!isOfConnecting(error)) return undefined;
  const stream = streamAt(story, undefined);
  if (!stream.began || stream.progress || isToolExecuting(story, undefined)) return undefined;
  return { initiating: undefined, observed: undefined, subcause: positionOf(stream) };
};

const isOfConnecting = (error: ErrorFacts | undefined): boolean =>
  CONNECTING.has(error?.code ?? "") || CONNECTING.has(error?.causeCode ?? "");

// Of the calls `getaddrinfo` and `connect`: the registry calls them errors, since nothing broke.
const CONNECTING: ReadonlySet<string> = new Set([
  "EAI_AGAIN",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTDOWN",
  "EHOSTUNREACH",
  "ENETDOWN",
  "ENETUNREACH",
  "ENOTFOUND",
  "ETIMEDOUT",
]);

/** How far the provider's answer had got. */
const positionAt = (story: Story, observed: number | undefined): string => {
  if (isToolExecuting(story, observed)) return UNKNOWN;
  const stream = streamAt(story, observed);
  // Where a provider says first that its answer is whole, and closes its stream later.
  if (stream.completed && isCallWaiting(story, observed)) return "after_tool_call_before_execution";
  return positionOf(stream);
};

const isToolExecuting = (story: Story, observed: number | undefined): boolean =>
  standingsAt(story, observed).some(({ isExecuting }) => isExecuting);

const isCallWaiting = (story: Story, observed: number | undefined): boolean =>
  standingsAt(story, observed).some(({ notExecuted }) => notExecuted > 0);

const standingsAt = (story: Story, observed: number | undefined): readonly Standing[] =>
  standingsOf(callsAt(story, momentOf(story, observed)));

const positionOf = (stream: StreamView): string => {
  if (stream.isDoubtful) return UNKNOWN;
  if (stream.isAfterToolResult) return "after_tool_result";
  if (!stream.progress) return "before_first_provider_progress";
  return POSITIONS[stream.marker ?? ""] ?? UNKNOWN;
};

const UNKNOWN = "unknown_stream_phase";

const POSITIONS: Readonly<Record<string, string>> = {
  text_output_started: "during_text_generation",
  reasoning_output_started: "during_reasoning_generation",
  // The input stood whole and the call did not yet: it was still being written.
  tool_input_started: "during_tool_input_generation",
  tool_input_completed: "during_tool_input_generation",
  tool_call_materialized: "after_tool_call_before_execution",
};
