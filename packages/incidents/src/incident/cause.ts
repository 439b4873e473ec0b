/** What broke the run off. */
export type IncidentCause =
  | "provider_transport_disconnect"
  | "provider_api_error"
  | "local_lifecycle_close"
  | "user_cancel"
  | "watchdog_timeout"
  | "request_setup_failure"
  | "tool_execution_failure"
  | "tool_execution_interrupted"
  | "crash_or_restart_incomplete"
  | "unknown_interruption";
