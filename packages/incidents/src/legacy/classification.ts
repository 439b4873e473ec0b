import type { IncidentCause } from "../incident/cause.ts";
import type { LegacyClassification } from "../incident/legacy-form.ts";
import type { Told } from "../told.ts";

/** What an incident that is there can be; `success` has none. */
export type BrokenClassification = Exclude<LegacyClassification, "success">;

/** Which of the older form's classes it is: by cause, and a close by the action's kind. */
export const classificationOf = (told: Told): BrokenClassification =>
  told.cause === "local_lifecycle_close" ? closeOf(told) : BY_CAUSE[told.cause];

const closeOf = ({ subcause, action }: Told): BrokenClassification => {
  const kind = subcause ?? action?.kind;
  if (kind === undefined || kind === "unknown_lifecycle_close") return "unknown_scope_close";
  return BY_KIND.get(kind) ?? "known_lifecycle_close";
};

const BY_KIND: ReadonlyMap<string, BrokenClassification> = new Map([
  ["reload", "local_instance_reload"],
  ["dispose", "local_instance_dispose"],
  ["dispose_directory", "local_instance_dispose"],
  ["dispose_all", "local_instance_dispose"],
]);

const BY_CAUSE: Readonly<
  Record<Exclude<IncidentCause, "local_lifecycle_close">, BrokenClassification>
> = {
  provider_transport_disconnect: "external_stream_disconnect",
  provider_api_error: "provider_api_error",
  user_cancel: "known_lifecycle_close",
  watchdog_timeout: "external_stream_disconnect",
  request_setup_failure: "request_setup_failure",
  tool_execution_failure: "tool_failure",
  tool_execution_interrupted: "tool_failure",
  crash_or_restart_incomplete: "unknown_failure",
  unknown_interruption: "unknown_failure",
};
