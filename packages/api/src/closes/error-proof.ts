import { codeOf, constructorOf, errorsOf, nameOf, read } from "./error-tree.ts";
import { type Reason, reasonOn } from "./reason.ts";

/** What an error and its causes prove. Names and codes only: nothing is read from a message. */
export type ErrorProof =
  | { readonly type: "reason"; readonly reason: Reason; readonly errorType: string }
  | { readonly type: "timeout"; readonly errorType: string }
  | { readonly type: "upstream_disconnect"; readonly errorType: string }
  /** An abort that names nobody; without an error where a span was just ended. */
  | { readonly type: "aborted"; readonly errorType: string | undefined }
  /** An HTTP response that closed before it was finished. */
  | {
      readonly type: "response_closed";
      readonly by: "client" | "server";
      readonly errorType: undefined;
    }
  | { readonly type: "error"; readonly errorType: string };

const ABORT_NAMES = ["AbortError", "CanceledError", "APIUserAbortError"];
const ABORT_CODES = ["ABORT_ERR", "ERR_CANCELED"];
const TIMEOUT_NAMES = ["TimeoutError"];
const TIMEOUT_CODES = [
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "UND_ERR_CONNECT_TIMEOUT",
];
// A connection that stood and broke. One that never stood (ECONNREFUSED, or any code of the call
// `connect`) is an error; so is a stream that closed early, which may be the client's.
const UPSTREAM_CODES = [
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
];

const CODE = /^[A-Z][A-Z0-9_]{1,63}$/;
const NAME = /^[A-Za-z_$][\w$.]{2,63}$/;

/** Reads an error's whole tree of causes, outermost first; never throws, whatever it is given. */
export const proofOf = (error: unknown): ErrorProof => {
  const own = ownReasonOf(error);
  if (own !== undefined) return { type: "reason", reason: own, errorType: "AbortError" };
  const tree = errorsOf(error);
  const errorType = tree[0] === undefined ? "_OTHER" : errorTypeOf(tree[0]);
  for (const one of tree) {
    const reason = read(() => reasonOn(one));
    if (reason !== undefined) return { type: "reason", reason, errorType };
  }
  if (tree.some((one) => is(one, TIMEOUT_NAMES, TIMEOUT_CODES)))
    return { type: "timeout", errorType };
  const broken = tree.map(brokenBy).find((code) => code !== undefined);
  if (broken !== undefined) return { type: "upstream_disconnect", errorType: broken };
  if (tree.some((one) => is(one, ABORT_NAMES, ABORT_CODES))) return { type: "aborted", errorType };
  return { type: "error", errorType };
};

// What nearly all runs of a mass close end with: the reason itself.
const ownReasonOf = (error: unknown): Reason | undefined =>
  typeof error === "object" && error !== null ? read(() => reasonOn(error)) : undefined;

const is = (error: object, names: readonly string[], codes: readonly string[]): boolean =>
  names.includes(nameOf(error) ?? "") ||
  names.includes(constructorOf(error) ?? "") ||
  codes.includes(codeOf(error) ?? "");

/** A code if there is one, else the name; `_OTHER` where neither is a documented token. */
const errorTypeOf = (error: object): string => {
  const name = nameOf(error);
  // A name says more than the one code that all aborts have.
  if (name !== undefined && ABORT_NAMES.includes(name)) return name;
  const code = codeOf(error);
  if (code !== undefined && CODE.test(code)) return code;
  if (name === undefined || !NAME.test(name)) return "_OTHER";
  // A subclass that gave itself no name: its constructor's may be minified, and means nothing.
  return name === "Error" && constructorOf(error) !== "Error" ? "_OTHER" : name;
};

const brokenBy = (error: object): string | undefined => {
  const code = codeOf(error) ?? "";
  if (!UPSTREAM_CODES.includes(code)) return undefined;
  return read(() => (error as { syscall?: unknown }).syscall) === "connect" ? undefined : code;
};
