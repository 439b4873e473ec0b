import { isName, REDACTED } from "../sanitise/name.ts";
import type { Told } from "../told.ts";
import type { BrokenClassification } from "./classification.ts";

/** What stands behind the dot of `summary_key`. */
export const suffixOf = (classification: BrokenClassification, told: Told): string => {
  switch (classification) {
    case "local_instance_reload":
    case "local_instance_dispose":
    case "known_lifecycle_close":
      return "lifecycle_close";
    case "unknown_scope_close":
      return "missing_lifecycle_provenance";
    case "request_setup_failure":
      return "request_setup_failed";
    case "tool_failure":
      return "tool_execution_failed";
    case "provider_api_error":
      return kindOf(told);
    case "external_stream_disconnect":
      return told.cause === "watchdog_timeout" ? "watchdog_timeout" : disconnectOf(told);
    case "unknown_failure":
      return "unknown";
  }
};

// The key goes into dashboards and metrics: what is no name would break it up.
const kindOf = ({ errorKind }: Told): string =>
  errorKind !== REDACTED && isName(errorKind) ? errorKind : "unknown";

const disconnectOf = (told: Told): string => {
  if (told.subcause === "during_tool_input_generation") {
    return "provider_progress_tool_input_disconnect";
  }
  if (!hadProgress(told)) return "transport_failure";
  return isSocketClosed(told)
    ? "provider_progress_socket_closed"
    : "provider_progress_transport_failure";
};

// After a tool's result the run had progress, though the attempt that broke may have had none.
const hadProgress = ({ subcause, facts }: Told): boolean =>
  subcause === undefined || subcause === "unknown_stream_phase"
    ? facts.stream.progress
    : subcause !== "before_first_provider_progress";

// What undici says for "other side closed"; told by its code, never by that message.
const isSocketClosed = ({ error }: Told): boolean =>
  error?.code === "UND_ERR_SOCKET" || error?.causeCode === "UND_ERR_SOCKET";
