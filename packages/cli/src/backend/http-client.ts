import { setTimeout as delay } from "node:timers/promises";
import { InputError } from "../input/input-error.ts";
import { placeOf, urlBelow } from "./backend-url.ts";
import { LONGEST_ANSWER } from "./bounds.ts";
import type { Credentials } from "./credentials.ts";
import { type HttpAnswer, readAnswer } from "./http-answer.ts";
import { failureSentence, statusSentence } from "./http-failure.ts";
import { pauseOf } from "./pause.ts";

/** Asks one HTTP server. */
export interface HttpClient {
  /**
   * GETs a path below the server's address. Throws InputError when there is no answer, when it
   * refuses the credentials, when it leads elsewhere and when it goes on being too busy.
   */
  readonly get: (
    path: string,
    parameters?: Readonly<Record<string, string>>,
  ) => Promise<HttpAnswer>;
  /** A message about the server, as an error: without secrets. */
  readonly error: (message: string) => InputError;
  /** How many bytes its answers have had so far, decompressed. */
  readonly bytes: () => number;
  /** Breaks off what is under way. */
  readonly close: () => void;
}

export interface HttpClientOptions {
  readonly url: URL;
  readonly credentials: Credentials;
  /** How long one request may take from its beginning to the last byte of its answer. */
  readonly timeoutMs: number;
}

const ATTEMPTS = 4;
const LONGEST_PAUSE_MS = 10_000;
const REDIRECTS = 5;

export function createHttpClient({ url, credentials, timeoutMs }: HttpClientOptions): HttpClient {
  const place = placeOf(url);
  const closing = new AbortController();
  let bytes = 0;

  function error(message: string, cause?: unknown): InputError {
    return new InputError(`${place}: ${credentials.censored(message)}`, { cause });
  }

  async function get(path: string, parameters = {}): Promise<HttpAnswer> {
    const target = urlBelow(url, path, parameters);
    for (let attempt = 1; ; attempt += 1) {
      const { response, answer } = await asked(target);
      if (response.status !== 429 && response.status !== 503) return accepted(answer);
      const pauseMs = pauseOf(response, attempt);
      if (pauseMs > LONGEST_PAUSE_MS) throw error(busyFor(response.status, pauseMs));
      if (attempt === ATTEMPTS)
        throw error(`too busy, it answers ${response.status} again and again`);
      await delay(pauseMs, undefined, { signal: closing.signal });
    }
  }

  async function asked(target: URL): Promise<{ response: Response; answer: HttpAnswer }> {
    // For the whole of it: a server that drips would hold us for ever.
    const call = new AbortController();
    const timer = setTimeout(() => call.abort(new DOMException("", "TimeoutError")), timeoutMs);
    const onClose = (): void => call.abort();
    closing.signal.addEventListener("abort", onClose);
    try {
      const response = await followed(target, call.signal);
      const answer = await readAnswer(response, LONGEST_ANSWER);
      bytes += answer.type === "whole" ? answer.text.length : LONGEST_ANSWER;
      return { response, answer };
    } catch (failure) {
      if (failure instanceof InputError) throw failure;
      throw error(failureSentence(failure, { timeoutMs, url: target }), failure);
    } finally {
      clearTimeout(timer);
      closing.signal.removeEventListener("abort", onClose);
    }
  }

  async function followed(target: URL, signal: AbortSignal): Promise<Response> {
    const headers = new Headers({ accept: "application/json" });
    for (const [name, value] of credentials.headers) headers.set(name, value);
    let at = target;
    for (let hops = 0; hops <= REDIRECTS; hops += 1) {
      const response = await fetch(at, { headers, redirect: "manual", signal });
      const next = redirectOf(response, at);
      if (next === undefined) return response;
      await response.body?.cancel();
      // The credentials were given for this server, and for no other.
      if (next.origin !== at.origin)
        throw error(`it redirects to ${placeOf(next)}: give that address if it is the right one`);
      at = next;
    }
    throw error("it redirects in a circle");
  }

  function accepted(answer: HttpAnswer): HttpAnswer {
    const refusal = answer.type === "whole" ? statusSentence(answer) : undefined;
    if (refusal !== undefined) throw error(refusal);
    return answer;
  }

  return { get, error, bytes: () => bytes, close: () => closing.abort() };
}

function redirectOf({ status, headers }: Response, from: URL): URL | undefined {
  const location = headers.get("location");
  const isRedirect = status >= 300 && status < 400 && location !== null;
  return isRedirect && URL.canParse(location, from.href) ? new URL(location, from.href) : undefined;
}

function busyFor(status: number, ms: number): string {
  return `too busy, it answers ${status} and asks to be left alone for ${Math.ceil(ms / 1000)} s`;
}
