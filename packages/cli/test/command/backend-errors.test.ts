import { type AddressInfo, createServer } from "node:net";
import { afterEach, expect, test, vi } from "vitest";
import { always, startServer } from "../backend/http-server.ts";
import { whyClosed } from "./bin.ts";

afterEach(() => vi.unstubAllEnvs());

/** What both commands say of an address, without the address. */
async function complaint(
  backend: string,
  url: string,
  ...args: readonly string[]
): Promise<string> {
  const { status, stdout, stderr } = await whyClosed([backend, url, ...args]);
  expect([status, stdout, stderr.split("\n").length]).toEqual([2, "", 2]);
  return stderr.replaceAll(url, "URL").trim();
}

const JAEGER = ["--service", "shop"];

test.each([
  ["no URL", ["jaeger"], "name the backend's URL (see --help)"],
  [
    "a host without a scheme",
    ["tempo", "localhost:3200"],
    '"localhost:3200" is no URL of http or https',
  ],
  ["a word", ["tempo", "here"], '"here" is no URL'],
  [
    "a word behind a secret",
    ["tempo", "me:s3cret@here:1:2"],
    '"***@here:1:2" is no URL of http or https',
  ],
  [
    "a secret with a slash in it",
    ["jaeger", "http://me:s3/cr3t@h:16686"],
    '"http://***@h:16686" is no URL',
  ],
  [
    "a secret in a query of what is no URL",
    ["tempo", "http://me:s3cr?et@h:99999/x?token=s3cret"],
    '"http://***@h:99999/x" is no URL',
  ],
  ["a file", ["jaeger", "file:///etc/passwd"], '"file:///etc/passwd" is no URL of http or https'],
  [
    "a page of the UI",
    ["jaeger", "http://me:s3cret@h/search?service=x"],
    'http://h/search: give the address of the backend, without what follows "?" or "#"',
  ],
  ["two URLs", ["jaeger", "http://h", "http://i"], "unexpected argument 'http://i' (see --help)"],
  [
    "a second URL with a secret",
    ["jaeger", "http://h", "http://me:s3cret@i"],
    "unexpected argument 'http://***@i' (see --help)",
  ],
  [
    "two questions",
    ["tempo", "http://h", "--run", "a", "--action", "b"],
    "--action or --run, not both",
  ],
  [
    "an id of an action that none has",
    ["tempo", "http://h", "--action", '01"} || true'],
    '"01"} || true" is no id of an action: 1 to 64 of a-z 0-9 _ -',
  ],
  [
    "one too long",
    ["tempo", "http://h", "--run", "r".repeat(65)],
    `"${"r".repeat(65)}" is no id of a run: 1 to 64 of A-Z a-z 0-9 _ . : -`,
  ],
  [
    "an empty service",
    ["tempo", "http://h", "--service", ""],
    "--service takes the name of a service, of at most 255 characters",
  ],
  [
    "a time without a unit",
    ["tempo", "http://h", "--since", "30"],
    '--since takes a time such as 30s, 15m, 1h or 7d, from 1s to 90d, not "30"',
  ],
  [
    "no time",
    ["tempo", "http://h", "--since", "0s"],
    '--since takes a time such as 30s, 15m, 1h or 7d, from 1s to 90d, not "0s"',
  ],
  [
    "too much time",
    ["tempo", "http://h", "--since", "91d"],
    '--since takes a time such as 30s, 15m, 1h or 7d, from 1s to 90d, not "91d"',
  ],
  [
    "too much patience",
    ["tempo", "http://h", "--timeout", "601s"],
    '--timeout takes a time such as 30s, 15m, 1h or 7d, from 1s to 10m, not "601s"',
  ],
  [
    "a header without a name",
    ["tempo", "http://h", "--header", "s3cret"],
    '--header takes "Name: value", and has no colon',
  ],
  [
    "a host that is none",
    ["tempo", "http://nowhere.invalid"],
    "http://nowhere.invalid: there is no host of that name",
  ],
])("%s is one clear error", async (_, args, message) => {
  expect(await whyClosed(args)).toEqual({
    status: 2,
    stdout: "",
    stderr: `why-closed: ${message}\n`,
  });
});

test("where nothing listens, or something that is no HTTP server, is said", async () => {
  const server = createServer((socket) => {
    socket
      .on("error", () => undefined)
      .resume()
      .end("220 mail.example ESMTP\r\n");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const other = "it does not speak HTTP/1.1: a gRPC port, or one of https?";
  expect(await complaint("jaeger", url, ...JAEGER)).toBe(`why-closed: URL: ${other}`);
  expect(await complaint("tempo", url.replace("http:", "https:"))).toBe(
    "why-closed: URL: it does not speak TLS there: http instead of https?",
  );
  await new Promise((resolve) => server.close(resolve));
  const nothing = "nothing listens there (connection refused)";
  expect(await complaint("tempo", url)).toBe(`why-closed: URL: ${nothing}`);
});

test.each([
  [
    "a page of HTML",
    200,
    "<!doctype html><title>Sign in</title>",
    "it answers a page of HTML (200)",
  ],
  [
    "a path that is not there",
    404,
    "404 page not found\n",
    'it answers "404 page not found" (404)',
  ],
  ["other JSON", 200, '{"status":"ok"}', 'it answers "{"status":"ok"}" (200)'],
  ["JSON without end", 200, "[".repeat(1_000_000), `it answers "${"[".repeat(199)}…" (200)`],
  ["nothing", 200, "", 'it answers "" (200)'],
])("%s is no Jaeger and no Tempo", async (_, status, body, given) => {
  const { url } = await startServer(always(status, body));
  const rest = "does the address lack a path, is a log-in in the way, or is it another port than";
  expect(await complaint("jaeger", url, ...JAEGER)).toBe(
    `why-closed: URL: this is no Jaeger, ${given}; ${rest} 16686?`,
  );
  expect(await complaint("tempo", url)).toBe(
    `why-closed: URL: this is no Tempo, ${given}; ${rest} 3200?`,
  );
});

test("where OTLP is sent to is told from where it is read", async () => {
  const { url } = await startServer((request, response) =>
    always(request.url === "/v1/traces" ? 405 : 404, "404 page not found")(request, response),
  );
  expect(await complaint("jaeger", url, ...JAEGER)).toBe(
    "why-closed: URL: this is where OTLP is sent to; Jaeger is asked at another port, 16686 as a rule",
  );
  expect(await complaint("tempo", url)).toBe(
    "why-closed: URL: this is where OTLP is sent to; Tempo is asked at another port, 3200 as a rule",
  );
});

test.each([
  [401, "it wants to know who asks (401): give a header with --header or WHY_CLOSED_HEADERS"],
  [403, "it refuses whoever asks (403): is the header or the tenant right?"],
  [500, "it failed (500): no org id"],
])("a status of %i is said", async (status, message) => {
  const { url } = await startServer(always(status, '{"message":"no org id"}'));
  expect(await complaint("tempo", url)).toBe(`why-closed: URL: ${message}`);
  expect(await complaint("jaeger", url, ...JAEGER)).toBe(`why-closed: URL: ${message}`);
});

test("a Jaeger that is too old for its traces to be read is told", async () => {
  const { url } = await startServer((request, response) => {
    const isService = request.url === "/api/services";
    const data = isService ? ["shop"] : [{ traceID: "abc" }];
    const body = request.url?.startsWith("/api/v3/") ? "<!doctype html>" : JSON.stringify({ data });
    always(200, body)(request, response);
  });
  expect(await complaint("jaeger", url, ...JAEGER)).toBe(
    "why-closed: URL: its /api/v3/traces does not answer with traces (200): a Jaeger from before 1.53, or a proxy?",
  );
});

test("Tempo's own words are passed on, with what to do where that is known", async () => {
  const words = "range specified by start and end exceeds 168h0m0s. received start=1 end=2";
  const { url } = await startServer(always(400, words));
  expect(await complaint("tempo", url, "--since", "8d")).toBe(
    `why-closed: URL: Tempo refuses: ${words} (give a shorter --since)`,
  );
});

test("a server that never answers is given up at the time that is given, whatever else is under way", async () => {
  const { url } = await startServer(() => undefined);
  expect(await complaint("tempo", url, "--timeout", "1s")).toBe(
    "why-closed: URL: no whole answer within 1 s (see --timeout)",
  );
});

test("where one request is refused, those under way are not waited for", async () => {
  // The first of four searches at a time is refused, and the others are never answered.
  let searches = 0;
  const { url } = await startServer((request, response) => {
    if (request.url?.startsWith("/api/search") && (searches += 1) === 4)
      always(403, "")(request, response);
  });
  expect(await complaint("tempo", url, "--timeout", "10m")).toBe(
    "why-closed: URL: it refuses whoever asks (403): is the header or the tenant right?",
  );
});

test.each([
  ["0123456789abcdef", "; a run without an id of its own is asked for by its trace's"],
  ["0123456789abcde", ""],
  ["0123456789abcdeg", ""],
])("a run %s that is not there is told with what else its id may be", async (id, hint) => {
  const { url } = await startServer(always(200, '{"traces":[],"metrics":{}}'));
  expect(await whyClosed(["tempo", url, "--run", id])).toEqual({
    status: 1,
    stdout: "",
    stderr: `why-closed: Tempo has no run ${id} that began in the last 7 d${hint}\n`,
  });
});

test("of several services Jaeger has to know each", async () => {
  const { url } = await startServer(always(200, '{"data":["shop","web"]}'));
  expect(await complaint("jaeger", url, ...JAEGER, "--service", "nope")).toBe(
    'why-closed: URL: no service "nope" is known there; it knows shop, web',
  );
});

test("credentials go to the backend, by options and by the environment, and never to the screen", async () => {
  vi.stubEnv("WHY_CLOSED_HEADERS", "X-Scope-OrgID=tenant-7");
  const headers: unknown[] = [];
  const { url } = await startServer((request, response) => {
    headers.push([request.headers["x-scope-orgid"], request.headers.authorization]);
    always(400, JSON.stringify(request.headers))(request, response);
  });
  const { stderr } = await whyClosed([
    "tempo",
    url,
    "--header",
    "Authorization: Bearer s3cret-token",
  ]);
  expect(headers).toContainEqual(["tenant-7", "Bearer s3cret-token"]);
  expect(stderr).toContain("Tempo refuses");
  expect(stderr).not.toMatch(/tenant-7|s3cret/);
});

test("a secret that a backend gives back as a service's name is not printed", async () => {
  const { url } = await startServer((request, response) =>
    always(200, JSON.stringify({ data: [request.headers.authorization] }))(request, response),
  );
  const secret = ["--header", "Authorization: Bearer s3cret-token"];
  expect(await complaint("jaeger", url, ...JAEGER, ...secret)).toBe(
    'why-closed: URL: no service "shop" is known there; it knows ***',
  );
});

test("what a backend writes does not reach the terminal raw", async () => {
  const { url } = await startServer(always(400, "\u001b[2J\u001b]0;owned\u0007"));
  const { stderr } = await whyClosed(["tempo", url]);
  expect(stderr).toBe(`why-closed: ${url}: Tempo refuses: \\u001b[2J\\u001b]0;owned\\u0007\n`);
});
