import type { WholeAnswer } from "./http-answer.ts";

/** Why there was no answer, for whoever typed the address. */
export function failureSentence(
  failure: unknown,
  { timeoutMs, url }: { readonly timeoutMs: number; readonly url: URL },
): string {
  if (nameOf(failure) === "TimeoutError")
    return `no whole answer within ${timeoutMs / 1000} s (see --timeout)`;
  const code = codeOf(failure);
  const sentence = SENTENCES[code] ?? tlsSentence(code);
  if (sentence !== undefined) return sentence;
  if (code.startsWith("HPE_"))
    return `it does not speak HTTP${url.protocol === "http:" ? "/1.1: a gRPC port, or one of https?" : ""}`;
  const { message } = deepest(failure);
  // The Fetch standard's list of ports; its error has no code.
  if (message === "bad port")
    return `Node's fetch asks nothing at port ${url.port}, which is another protocol's: give the backend another`;
  return `no answer: ${message}`;
}

/** What an answer says that no request can get past; undefined if it is none of those. */
export function statusSentence({ status }: WholeAnswer): string | undefined {
  if (status === 401)
    return "it wants to know who asks (401): give a header with --header or WHY_CLOSED_HEADERS";
  if (status === 403) return "it refuses whoever asks (403): is the header or the tenant right?";
  return undefined;
}

/** The first words of what a server wrote with an error. */
export function wordsOf(text: string): string {
  const words = messageOf(text).replace(/\s+/g, " ").trim();
  return words.length > 200 ? `${words.slice(0, 199)}…` : words;
}

const SENTENCES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there (connection refused)",
  ENOTFOUND: "there is no host of that name",
  EAI_AGAIN: "the host's name cannot be looked up now",
  ECONNRESET: "the connection was broken off",
  UND_ERR_SOCKET: "the connection was broken off: a gRPC port, or one of https?",
  EHOSTUNREACH: "the host cannot be reached",
  ENETUNREACH: "the network cannot be reached",
  ETIMEDOUT: "no connection within the time that the system waits",
  UND_ERR_CONNECT_TIMEOUT: "no connection within 10 s",
};

function tlsSentence(code: string): string | undefined {
  if (code === "ERR_SSL_WRONG_VERSION_NUMBER" || code === "EPROTO")
    return "it does not speak TLS there: http instead of https?";
  if (code === "CERT_HAS_EXPIRED") return "its certificate has expired";
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return `its certificate is another host's (${code})`;
  if (/^(?:ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/.test(code))
    return `its certificate is not trusted (${code}); NODE_EXTRA_CA_CERTS names a file with an authority of your own`;
  return undefined;
}

function messageOf(text: string): string {
  try {
    const json: unknown = JSON.parse(text);
    // Jaeger's two forms, and Grafana's.
    const found = [at(json, "errors", 0, "msg"), at(json, "error", "message"), at(json, "message")];
    return found.find((message) => typeof message === "string") ?? text;
  } catch {
    return text;
  }
}

function at(json: unknown, ...path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined,
    json,
  );
}

function nameOf(failure: unknown): string {
  return failure instanceof Error ? failure.name : "";
}

function codeOf(failure: unknown): string {
  const error = deepest(failure);
  // Happy eyeballs gives one error for all addresses; they fail alike.
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return typeof first === "object" && first !== null && "code" in first ? String(first.code) : "";
}

function deepest(failure: unknown): Error {
  let error = failure instanceof Error ? failure : new Error(String(failure));
  while (error.cause instanceof Error) error = error.cause;
  return error;
}
