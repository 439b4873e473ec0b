import type { Decided } from "../causes/decide-cause.ts";
import type { SafeFacts } from "../evidence.ts";

/**
 * Whether what broke may go away by itself. A broken connection and silence may; of what the
 * provider answered its kind decides, else its status; of the rest nobody knows: not of a deadline
 * either, behind which the same work may take as long again.
 */
export const isRetryable = (
  { cause, isDeadline }: Decided,
  broke: SafeFacts | undefined,
): boolean | undefined => {
  if (cause === "provider_transport_disconnect") return true;
  if (cause === "watchdog_timeout") return isDeadline ? undefined : true;
  if (cause !== "provider_api_error" || broke === undefined) return undefined;
  return byKind(broke.errorKind) ?? byStatus(broke.status);
};

// First, because the same status 429 says that one was too fast, or that the money is spent.
const byKind = (kind: string | undefined): boolean | undefined => {
  const word = kind?.toLowerCase();
  if (word === undefined) return undefined;
  if (PASSING.has(word)) return true;
  return LASTING.has(word) ? false : undefined;
};

const byStatus = (status: number | undefined): boolean | undefined => {
  if (status === undefined) return undefined;
  if (PASSING_STATUSES.includes(status) || (status >= 500 && status <= 599)) return true;
  return status >= 400 && status <= 499 ? false : undefined;
};

const PASSING_STATUSES: readonly number[] = [408, 409, 425, 429];

const PASSING: ReadonlySet<string> = new Set([
  "bad_gateway",
  "connect_timeout",
  "conflict",
  "deadline_exceeded",
  "gateway_timeout",
  "internal_error",
  "internal_server_error",
  "overloaded",
  "overloaded_error",
  "rate_limit",
  "rate_limit_error",
  "rate_limit_exceeded",
  "rate_limited",
  "request_timeout",
  "server_error",
  "server_overload",
  "server_overloaded",
  "service_unavailable",
  "throttled",
  "throttling",
  "timeout",
  "timeout_error",
  "too_many_requests",
  "unavailable",
]);

const LASTING: ReadonlySet<string> = new Set([
  "auth",
  "auth_error",
  "authentication",
  "authentication_error",
  "bad_request",
  "billing",
  "billing_error",
  "content_filter",
  "content_policy_violation",
  "context_length_exceeded",
  "forbidden",
  "insufficient_quota",
  "invalid_api_key",
  "invalid_argument",
  "invalid_request",
  "invalid_request_error",
  "model_not_found",
  "not_found",
  "not_found_error",
  "payment_required",
  "permission",
  "permission_denied",
  "permission_error",
  "quota",
  "quota_exceeded",
  "request_too_large",
  "unauthenticated",
  "unauthorized",
  "unprocessable_entity",
]);
