import type { Driver } from "./driver.ts";
import type { Row } from "./row.ts";

const cut = ({ provider }: Driver): Promise<unknown> => provider.cut();
const stop = ({ agent, id }: Driver): Promise<unknown> => agent.stop(id);
const close =
  (path: string) =>
  ({ agent, directory }: Driver): Promise<unknown> =>
    agent.close(path, directory);

const SAFE = "candidate_safe_auto_retry";
const NOT = "do_not_auto_retry";

/** The provider's connection breaks, each time in another place. */
export const DISCONNECTS: readonly Row[] = [
  {
    title: "before the first byte",
    id: "before-first-byte",
    message: { model: "disconnects-at-once" },
    told: {
      cause: "provider_transport_disconnect/before_first_provider_progress",
      phases: "before_provider_stream / before_first_event / none",
      advice: "auto_retry",
      key: "external_stream_disconnect.transport_failure",
      retrySafety: SAFE,
    },
  },
  {
    title: "after the stream was opened, before the model had said anything",
    id: "before-progress",
    message: { model: "disconnects-opened" },
    until: "opened",
    act: cut,
    told: {
      cause: "provider_transport_disconnect/before_first_provider_progress",
      phases: "streaming / before_first_provider_progress / none",
      advice: "auto_retry",
      key: "external_stream_disconnect.transport_failure",
      retrySafety: SAFE,
    },
  },
  {
    title: "in text",
    id: "in-text",
    message: { model: "disconnects" },
    until: "streaming",
    act: cut,
    told: {
      cause: "provider_transport_disconnect/during_text_generation",
      phases: "streaming / text_generation / none",
      advice: "offer_continue",
      key: "external_stream_disconnect.provider_progress_socket_closed",
      retrySafety: NOT,
    },
  },
  {
    title: "in text, by a reset",
    id: "reset-in-text",
    message: { model: "resets" },
    until: "streaming",
    act: cut,
    told: {
      cause: "provider_transport_disconnect/during_text_generation",
      phases: "streaming / text_generation / none",
      advice: "offer_continue",
      key: "external_stream_disconnect.provider_progress_transport_failure",
      retrySafety: NOT,
    },
  },
  {
    title: "in reasoning",
    id: "in-reasoning",
    message: { model: "disconnects-in-reasoning" },
    until: "reasoning",
    act: cut,
    told: {
      cause: "provider_transport_disconnect/during_reasoning_generation",
      phases: "streaming / reasoning_generation / none",
      advice: "auto_retry",
      key: "external_stream_disconnect.provider_progress_socket_closed",
      retrySafety: SAFE,
    },
  },
  {
    title: "inside a tool's input",
    id: "in-tool-input",
    message: { model: "disconnects-in-input" },
    until: "calling",
    act: cut,
    told: {
      cause: "provider_transport_disconnect/during_tool_input_generation",
      phases: "tool_generation / tool_input_generation / tool_input_started",
      advice: "offer_continue",
      key: "external_stream_disconnect.provider_progress_tool_input_disconnect",
      retrySafety: SAFE,
    },
  },
  {
    title: "after the call of a tool, before its execution",
    id: "after-call",
    message: { model: "disconnects-after-call" },
    until: "called",
    act: cut,
    told: {
      cause: "provider_transport_disconnect/after_tool_call_before_execution",
      phases: "tool_generation / completed / tool_call_materialized",
      advice: "offer_continue",
      key: "external_stream_disconnect.provider_progress_socket_closed",
      retrySafety: SAFE,
    },
  },
  {
    title: "after the last word of an answer, before the stream said that it was done",
    id: "after-answer",
    message: { model: "disconnects-after-answer" },
    until: "answered",
    act: cut,
    told: {
      cause: "provider_transport_disconnect/unknown_stream_phase",
      phases: "streaming / completed / none",
      advice: "offer_continue",
      key: "external_stream_disconnect.provider_progress_socket_closed",
      retrySafety: NOT,
    },
  },
  {
    title: "after the result of a tool that reads",
    id: "after-reading",
    message: { model: "disconnects-after-reading" },
    told: {
      cause: "provider_transport_disconnect/after_tool_result",
      phases: "post_tool / before_first_event / tool_execution_completed",
      advice: "offer_resume_with_confirmation",
      key: "external_stream_disconnect.provider_progress_socket_closed",
      retrySafety: "ask_user",
    },
  },
  {
    title: "after the result of a tool that writes",
    id: "after-writing",
    message: { model: "disconnects-after-writing" },
    told: {
      cause: "provider_transport_disconnect/after_tool_result",
      phases: "post_tool / before_first_event / tool_execution_completed",
      advice: "ask_user_before_retry",
      key: "external_stream_disconnect.provider_progress_socket_closed",
      retrySafety: NOT,
    },
  },
];

/** The provider answers with an error, or not at all. */
export const PROVIDER_FAILURES: readonly Row[] = [
  {
    title: "a status 500",
    id: "status-500",
    message: { model: "fails" },
    told: {
      cause: "provider_api_error",
      phases: "before_provider_stream / before_first_event / none",
      advice: "auto_retry",
      key: "provider_api_error.server_error",
      retrySafety: SAFE,
    },
  },
  {
    title: "a status 429",
    id: "status-429",
    message: { model: "limits" },
    told: {
      cause: "provider_api_error",
      phases: "before_provider_stream / before_first_event / none",
      advice: "auto_retry",
      key: "provider_api_error.rate_limit_error",
      retrySafety: SAFE,
    },
  },
  {
    title: "a status 400, which a retry gets again",
    id: "status-400",
    message: { model: "refuses" },
    told: {
      cause: "provider_api_error",
      phases: "before_provider_stream / before_first_event / none",
      advice: "do_not_retry",
      key: "provider_api_error.invalid_request_error",
      retrySafety: NOT,
    },
  },
  {
    title: "an error within the stream",
    id: "error-in-stream",
    message: { model: "fails-midway" },
    told: {
      cause: "provider_api_error",
      phases: "streaming / text_generation / none",
      advice: "offer_continue",
      key: "provider_api_error.overloaded_error",
      retrySafety: NOT,
    },
  },
  {
    title: "a provider that never answers",
    id: "never-answers",
    message: { model: "mute", connectMs: 50 },
    told: {
      cause: "watchdog_timeout/connect",
      phases: "before_provider_stream / before_first_event / none",
      advice: "auto_retry",
      key: "external_stream_disconnect.watchdog_timeout",
      retrySafety: SAFE,
    },
  },
  {
    title: "a stream that goes silent",
    id: "goes-silent",
    message: { model: "stalls", silenceMs: 50 },
    told: {
      cause: "watchdog_timeout/silent_stream",
      phases: "streaming / text_generation / none",
      advice: "offer_continue",
      key: "external_stream_disconnect.watchdog_timeout",
      retrySafety: NOT,
    },
  },
  {
    title: "the run's own deadline",
    id: "deadline",
    message: { model: "thinks", timeoutMs: 1000 },
    until: "reasoning",
    told: {
      cause: "watchdog_timeout/unknown",
      phases: "streaming / reasoning_generation / none",
      advice: "unknown",
      key: "external_stream_disconnect.watchdog_timeout",
      retrySafety: "unknown",
    },
  },
];

/** What the application itself did, or did not get done. */
export const OWN_FAILURES: readonly Row[] = [
  {
    title: "a request that cannot be made",
    id: "no-request",
    message: { model: "No Such Model" },
    told: {
      cause: "request_setup_failure",
      phases: "before_provider_stream / before_first_event / none",
      advice: "unknown",
      key: "request_setup_failure.request_setup_failed",
      retrySafety: "unknown",
    },
  },
  {
    title: "a tool that fails",
    id: "tool-fails",
    message: { model: "misreads" },
    told: {
      cause: "tool_execution_failure",
      phases: "tool_execution / completed / tool_execution_started",
      advice: "ask_user_before_retry",
      key: "tool_failure.tool_execution_failed",
      retrySafety: NOT,
    },
  },
  {
    title: "a tool whose process is killed",
    id: "tool-is-killed",
    message: { model: "checks" },
    told: {
      cause: "tool_execution_interrupted",
      phases: "tool_execution / completed / tool_execution_started",
      advice: "ask_user_before_retry",
      key: "tool_failure.tool_execution_failed",
      retrySafety: NOT,
    },
  },
  {
    title: "an answer that makes no sense",
    id: "no-sense",
    message: { model: "garbles" },
    told: {
      cause: "unknown_interruption",
      phases: "before_provider_stream / before_first_event / none",
      advice: "unknown",
      key: "unknown_failure.unknown",
      retrySafety: "unknown",
    },
  },
];

const closedBy = (action: string, key: string, phases: string): Row["told"] => ({
  cause: `local_lifecycle_close/${action}`,
  phases,
  advice: "do_not_retry",
  key,
  retrySafety: NOT,
});

const IN_TEXT = "streaming / text_generation / none";
const IN_TOOL = "tool_execution / completed / tool_execution_started";

const RELOADED = "local_instance_reload.lifecycle_close";
const DISPOSED = "local_instance_dispose.lifecycle_close";
const CLOSED = "known_lifecycle_close.lifecycle_close";

const CANCELLED = {
  cause: "user_cancel",
  advice: "do_not_retry",
  key: CLOSED,
  retrySafety: NOT,
} as const;

/** Somebody asked the run to stop. */
export const CLOSES: readonly Row[] = [
  {
    title: "a reload",
    id: "reload",
    message: { model: "slow" },
    until: "streaming",
    act: close("/instance/reload"),
    told: closedBy("reload", RELOADED, IN_TEXT),
  },
  {
    title: "a dispose, while it is in a tool",
    id: "dispose",
    message: { model: "asks" },
    until: "tool",
    act: close("/instance/dispose"),
    told: closedBy("dispose", DISPOSED, IN_TOOL),
  },
  {
    title: "a dispose of its directory, while it reasons",
    id: "dispose-directory",
    message: { model: "thinks" },
    until: "reasoning",
    act: close("/directory/dispose"),
    told: closedBy("dispose_directory", DISPOSED, "streaming / reasoning_generation / none"),
  },
  {
    title: "an action of the application's own kind, before its provider has answered",
    id: "evict",
    message: { model: "mute" },
    act: close("/instance/evict"),
    told: closedBy("evict", CLOSED, "before_provider_stream / before_first_event / none"),
  },
  {
    title: "nobody who is known",
    id: "nobody-known",
    message: { model: "slow" },
    until: "streaming",
    act: ({ agent, id }) => agent.abort(id),
    told: closedBy(
      "unknown_lifecycle_close",
      "unknown_scope_close.missing_lifecycle_provenance",
      IN_TEXT,
    ),
  },
  {
    title: "its user",
    id: "user",
    message: { model: "slow" },
    until: "streaming",
    act: stop,
    told: { ...CANCELLED, phases: IN_TEXT },
  },
  {
    title: "its user, and a dispose while it still stops",
    id: "user-then-dispose",
    message: { model: "publishes" },
    until: "tool",
    act: async (driver) => {
      await stop(driver);
      await close("/instance/dispose")(driver);
    },
    told: { ...CANCELLED, phases: IN_TOOL },
  },
  {
    title: "a dispose, and its user while it still stops",
    id: "dispose-then-user",
    message: { model: "publishes" },
    until: "tool",
    act: async (driver) => {
      const disposed = close("/instance/dispose")(driver);
      await driver.agent.until(driver.id, "stopping");
      await stop(driver);
      await disposed;
    },
    told: closedBy("dispose", DISPOSED, IN_TOOL),
  },
  {
    title: "a dispose of everything",
    id: "dispose-all",
    message: { model: "slow" },
    until: "streaming",
    act: ({ agent }) => agent.close("/global/dispose"),
    told: closedBy("dispose_all", DISPOSED, IN_TEXT),
  },
  {
    title: "the server's shutdown by SIGTERM",
    id: "shutdown",
    message: { model: "slow" },
    until: "streaming",
    act: async ({ server }) => server.process.kill("SIGTERM"),
    ends: "server",
    told: closedBy("shutdown", CLOSED, IN_TEXT),
  },
];
