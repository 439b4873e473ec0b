import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Account } from "../account/account.ts";
import { isForeignHost } from "./foreign-host.ts";
import { livePage } from "./page.ts";
import { pictureOf } from "./picture.ts";

/** A live page and the picture that it asks for, on a server that does something else besides. */
export interface Site {
  /** Answers a request if it is for the page, and says whether it did. */
  readonly visit: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** What a site shows. */
export interface SiteOptions {
  readonly account: () => Account;
  /** A number that is another whenever the account may be. */
  readonly version: () => number;
}

interface Answer {
  readonly status: number;
  readonly mediaType: string;
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

// Taking the account blocks the receiver, for seconds at some hundred thousand spans.
const PAUSE_PER_PICTURE = 10;

const HARDENING = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cache-Control": "no-cache",
} as const;

export function createSite(options: SiteOptions): Site {
  const page = livePage();
  const picture = createPictureText(options);
  const answers = new Map<string, (request: IncomingMessage) => Answer>();
  answers.set("/", () => ({
    status: 200,
    mediaType: "text/html; charset=utf-8",
    text: page.html,
    headers: { "Content-Security-Policy": `${page.policy}; frame-ancestors 'none'` },
  }));
  answers.set("/account.json", (request) => {
    const { text, tag } = picture();
    const isKnown = request.headers["if-none-match"] === tag;
    return {
      status: isKnown ? 304 : 200,
      mediaType: "application/json",
      text,
      headers: { ETag: tag },
    };
  });

  return {
    visit: (request, response) => {
      const answer = answers.get(request.url?.split("?", 1)[0] ?? "");
      const isRead = request.method === "GET" || request.method === "HEAD";
      if (answer === undefined || !isRead) return false;
      send(response, isForeignHost(request) ? FOREIGN : answer(request));
      return true;
    },
  };
}

const FOREIGN: Answer = {
  status: 403,
  mediaType: "text/plain; charset=utf-8",
  text: "this page is for this machine alone: ask for it as localhost or 127.0.0.1\n",
};

/** The picture as it was last taken, taken again when there is a newer one and it was not just now. */
function createPictureText({ account, version }: SiteOptions) {
  // Another after a restart, which begins to count anew.
  const start = randomBytes(8).toString("hex");
  let taken: { readonly text: string; readonly tag: string } | undefined;
  let nextAt = 0;
  return () => {
    const tag = `"${start}-${version()}"`;
    const startedAt = performance.now();
    if (taken === undefined || (taken.tag !== tag && startedAt >= nextAt)) {
      taken = { text: JSON.stringify(pictureOf(account())), tag };
      const endedAt = performance.now();
      nextAt = endedAt + PAUSE_PER_PICTURE * (endedAt - startedAt);
    }
    return taken;
  };
}

function send(response: ServerResponse, { status, mediaType, text, headers }: Answer): void {
  const body = status === 304 ? "" : text;
  response.writeHead(status, {
    ...HARDENING,
    ...headers,
    "Content-Type": mediaType,
    ...(status === 304 ? {} : { "Content-Length": Buffer.byteLength(body) }),
  });
  // Node sends none for HEAD.
  response.end(body);
}
