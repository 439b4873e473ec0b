/** What a tool may have done outside the run, as far as the application says. */
export type ToolEffect =
  | "read_only"
  | "local_file_write"
  | "local_process"
  | "external"
  | "unknown";

/** Which watch over a provider's stream gave up. */
export type Watchdog = "connect" | "silent_stream" | "unknown";

/**
 * What kinds of evidence a run's incident is derived from. An application's own are tokens beside
 * these: they are kept in their order, and nothing is derived from them.
 */
export type KnownEvidenceType =
  // The provider's stream, of one attempt.
  | "attempt_started"
  | "stream_opened"
  | "provider_progress"
  | "text_output_started"
  | "reasoning_output_started"
  | "stream_completed"
  // Tools.
  | "side_effect_boundary"
  | "tool_input_started"
  | "tool_input_completed"
  | "tool_call_materialized"
  | "tool_execution_started"
  | "tool_execution_completed"
  | "tool_execution_failed"
  | "pending_tool_interrupted"
  // What broke.
  | "transport_failure"
  | "provider_error"
  | "watchdog_fired"
  | "request_setup_failed"
  // Who closed it; recorded by this project itself.
  | "close_requested"
  | "close_propagated"
  | "run_ended"
  // Clean-up.
  | "finalizer_started"
  | "finalizer_completed"
  | "finalizer_failed";

/** One of the known types, or a token of the application's own: 1 to 32 of `a-z 0-9 _`. */
export type EvidenceType = KnownEvidenceType | (string & {});

/** A tool that the model may call in this run. */
export interface ExposedTool {
  readonly name: string;
  /** Default: `unknown`. */
  readonly effect?: ToolEffect;
  /** True if the provider executes it, beyond what this process can see. */
  readonly providerExecuted?: boolean;
}

/**
 * What one piece of evidence says besides its type. Whatever is not of the expected form is taken
 * out where it is recorded, and named; prompts, tool inputs and messages have no place here.
 */
export interface EvidenceFacts {
  /** The attempt that it belongs to, 1 to 10,000. Default: the last one started. */
  readonly attempt?: number;
  /** Who saw it, a token such as `provider_stream`. Default: `application`. */
  readonly source?: string;
  /** The tool's name. */
  readonly tool?: string;
  /** Tells calls of tools apart, at most 128 characters; leaves the process as a number only. */
  readonly toolCallId?: string;
  /** Of `tool_execution_started`. Default: as the tool was exposed, else `unknown`. */
  readonly effect?: ToolEffect;
  /** The provider executes the tool, not this process. */
  readonly providerExecuted?: boolean;
  /** Of what broke: its name and code are kept, with those of its causes. */
  readonly error?: unknown;
  /** Of `provider_error`: a token such as `rate_limit`. */
  readonly errorKind?: string;
  /** The HTTP status that the provider answered with. */
  readonly status?: number;
  /** Of `watchdog_fired`. */
  readonly watchdog?: Watchdog;
  /** Of finalizers, and of the application's own: what it was, a token. */
  readonly name?: string;
  /** How long it took, in ms. */
  readonly durationMs?: number;
  /** Of `side_effect_boundary`: what the model may call; at most 64 are kept. */
  readonly tools?: readonly ExposedTool[];
}
