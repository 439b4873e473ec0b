import { once } from "node:events";
import { type IncomingHttpHeaders, request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accountOf } from "../../src/index.ts";
import { pictureOf } from "../../src/page/picture.ts";
import { DISPOSAL } from "../disposal.ts";
import { completedRun, otlpLine } from "../otlp-builder.ts";
import { spansOf } from "../spans.ts";
import { startWhyClosed, written } from "./bin.ts";

const child = startWhyClosed("listen", "--port", "0");
let url = "";
beforeAll(async () => {
  child.stdout.resume();
  const note = await written(child.stderr, "Ctrl-C\n");
  url = /the picture is on (http:\S+\/), stop/.exec(note)?.[1] ?? "";
});
afterAll(async () => {
  const ended = once(child, "close");
  child.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
});

interface Answered {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

// Not fetch, which sets the Host header itself.
async function ask(
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = "GET",
): Promise<Answered> {
  const asked = request(new URL(path, url), { headers, method, agent: false }).end();
  const [response] = await once(asked, "response");
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  const body = Buffer.concat(chunks).toString();
  return { status: response.statusCode, headers: response.headers, body };
}

async function post(body: string): Promise<void> {
  const headers = { "Content-Type": "application/json" };
  expect((await fetch(new URL("/v1/traces", url), { method: "POST", headers, body })).status).toBe(
    200,
  );
}

test("the page may run and fetch nothing but what is of it, and be framed by nobody", async () => {
  const { status, headers, body } = await ask("/");
  const { date, "keep-alive": _, connection, etag, ...told } = headers;
  const policy = String(told["content-security-policy"]);
  expect({
    status,
    ...told,
    "content-security-policy": policy.replace(/sha256-[\w+/=]{44}/g, "sha256-…"),
  }).toEqual({
    status: 200,
    "content-type": "text/html; charset=utf-8",
    "content-length": String(Buffer.byteLength(body)),
    "cache-control": "no-cache",
    "content-security-policy":
      "default-src 'none'; script-src 'sha256-…'; style-src 'sha256-…'; connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  });
});

test("the picture is sent again only when something came", async () => {
  await post(otlpLine(...DISPOSAL));
  const first = await ask("/account.json");
  expect(JSON.parse(first.body)).toEqual(pictureOf(accountOf(spansOf(...DISPOSAL))));
  const tag = first.headers.etag ?? "";
  const again = await ask("/account.json?now", { "If-None-Match": tag });
  expect([again.status, again.body, again.headers.etag]).toEqual([304, "", tag]);

  await post(otlpLine(completedRun(41, "r41")));
  const changed = async () => ask("/account.json", { "If-None-Match": tag });
  // What was taken a moment ago may be answered for a moment more.
  await expect.poll(async () => (await changed()).status, { timeout: 10_000 }).toBe(200);
  const { body, headers } = await changed();
  expect([JSON.parse(body).runs.length, headers.etag === tag]).toEqual([12, false]);
});

test.each([
  ["localhost", 200],
  ["localhost:1", 200],
  ["127.0.0.1", 200],
  ["127.8.9.10:4318", 200],
  ["[::1]:4318", 200],
  ["evil.example", 403],
  ["evil.example:4318", 403],
  ["127.0.0.1.evil.example", 403],
  ["localhost.evil.example", 403],
  ["localhost@evil.example", 403],
  ["[::1", 403],
])("asked for as %s the answer is %i", async (host, status) => {
  for (const path of ["/", "/account.json"])
    expect((await ask(path, { Host: host })).status).toBe(status);
});

test("a refused host learns nothing", async () => {
  expect((await ask("/account.json", { Host: "evil.example" })).body).toBe(
    "this page is for this machine alone: ask for it as localhost or 127.0.0.1\n",
  );
});

test("no origin is allowed in, and a HEAD has no body", async () => {
  const { headers } = await ask("/account.json", { Origin: "https://evil.example" });
  expect(Object.keys(headers).filter((name) => name.startsWith("access-control-"))).toEqual([]);
  const head = await ask("/", {}, "HEAD");
  expect([head.status, head.body, Number(head.headers["content-length"]) > 10_000]).toEqual([
    200,
    "",
    true,
  ]);
});

test.each([
  ["/", "POST"],
  ["/", "OPTIONS"],
  ["/account.json", "DELETE"],
  ["/index.html", "GET"],
  ["/../package.json", "GET"],
  ["/__proto__", "GET"],
])("nothing else is there: %s %s", async (path, method) => {
  expect((await ask(path, {}, method)).status).toBe(404);
});
