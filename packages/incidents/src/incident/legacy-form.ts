/** The older form, for those who read it. */
export interface LegacyForm {
  readonly classification: LegacyClassification;
  /** `<classification>.<suffix>` */
  readonly summary_key: string;
  readonly retry_safety: {
    readonly recommendation:
      | "candidate_safe_auto_retry"
      | "do_not_auto_retry"
      | "ask_user"
      | "unknown";
    readonly confidence: "high" | "medium" | "low";
    readonly reason: string;
  };
  /** Of `unknown_scope_close` alone. */
  readonly missing_provenance?: readonly string[];
}

export type LegacyClassification =
  | "success"
  | "external_stream_disconnect"
  | "provider_api_error"
  | "local_instance_reload"
  | "local_instance_dispose"
  | "known_lifecycle_close"
  | "unknown_scope_close"
  | "request_setup_failure"
  | "tool_failure"
  | "unknown_failure";
