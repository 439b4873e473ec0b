import type { EvidenceFacts, KnownEvidenceType, Watchdog } from "@otel-lifecycle/api";
import { errorsOf, field, textField } from "./error-tree.ts";
import { kindFacts } from "./provider-error.ts";

/** What an error proves of a provider's stream. */
export interface Failure {
  readonly type: KnownEvidenceType;
  readonly facts: EvidenceFacts;
}

/**
 * What an error and its causes prove by names, codes and the status of an answer, the outermost
 * that proves anything; nothing is read from a message. An abort proves nothing: who aborted is
 * known elsewhere.
 */
export const failureOf = (error: unknown): Failure | undefined => {
  for (const one of errorsOf(error)) {
    const failure = provedBy(one);
    if (failure !== undefined) return failure === "abort" ? undefined : failure;
  }
  return undefined;
};

const provedBy = (error: object): Failure | "abort" | undefined => {
  const name = textField(error, "name") ?? "";
  const code = textField(error, "code") ?? "";
  if (ABORT_NAMES.has(name) || ABORT_CODES.has(code) || ABORT_NAMES.has(constructorOf(error)))
    return "abort";
  const status = statusOf(error);
  if (status !== undefined) return { type: "provider_error", facts: answer(error, status) };
  if (isProvidersWord(error, name)) return { type: "provider_error", facts: kindFacts(error) };
  const watchdog = WATCHDOGS.get(code);
  if (watchdog !== undefined) return { type: "watchdog_fired", facts: { watchdog } };
  if (SETUP_NAMES.has(name)) return { type: "request_setup_failed", facts: {} };
  if (TRANSPORT_CODES.has(code)) return { type: "transport_failure", facts: {} };
  return undefined;
};

const ABORT_NAMES = new Set(["AbortError", "CanceledError", "APIUserAbortError"]);
const ABORT_CODES = new Set(["ABORT_ERR", "ERR_CANCELED"]);

/** The limits of undici, which Node's `fetch` is: of connecting, of an answer, between its parts. */
const WATCHDOGS: ReadonlyMap<string, Watchdog> = new Map([
  ["UND_ERR_CONNECT_TIMEOUT", "connect"],
  ["UND_ERR_HEADERS_TIMEOUT", "unknown"],
  ["UND_ERR_BODY_TIMEOUT", "silent_stream"],
]);

/** The AI SDK's errors of what is wrong before anything is sent. */
const SETUP_NAMES = new Set([
  "AI_InvalidArgumentError",
  "AI_InvalidPromptError",
  "AI_LoadAPIKeyError",
  "AI_LoadSettingError",
  "AI_NoSuchModelError",
  "AI_NoSuchProviderError",
  "AI_UnsupportedFunctionalityError",
  "AI_UnsupportedModelVersionError",
]);

// Of a connection that broke, as the close of a run reads them, and of one that never stood.
const TRANSPORT_CODES = new Set([
  "ECONNRESET",
  "ECONNABORTED",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENETDOWN",
  "ENETRESET",
  "UND_ERR_SOCKET",
  "ERR_HTTP2_STREAM_ERROR",
  "ERR_HTTP2_SESSION_ERROR",
  "EAI_AGAIN",
  "ECONNREFUSED",
  "EHOSTDOWN",
  "ENOTFOUND",
]);

/** The status of a provider's answer that was an error: the AI SDK's and the clients' word for it. */
const statusOf = (error: object): number | undefined => {
  for (const key of ["statusCode", "status"]) {
    const status = field(error, key);
    if (typeof status === "number" && status >= 400 && status <= 599) return status;
  }
  return undefined;
};

/** An error that stood in a stream: as `ai` 7 has it, and as the clients of OpenAI and Anthropic. */
const isProvidersWord = (error: object, name: string): boolean =>
  name === "AI_StreamProviderError" ||
  (constructorOf(error) === "APIError" && typeof field(error, "error") === "object");

const answer = (error: object, status: number): EvidenceFacts => ({
  status,
  ...kindFacts(field(error, "data")),
  ...kindFacts(error),
});

/** The name of an error's class, for clients whose errors have no name of their own. */
const constructorOf = (error: object): string => {
  try {
    const { name } = error.constructor;
    return typeof name === "string" ? name : "";
  } catch {
    return "";
  }
};
