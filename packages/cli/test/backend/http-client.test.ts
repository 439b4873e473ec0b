import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { credentialsOf } from "../../src/backend/credentials.ts";
import { createHttpClient, type HttpClient } from "../../src/backend/http-client.ts";
import { InputError } from "../../src/input/input-error.ts";
import { always, startServer } from "./http-server.ts";

function clientOf(url: string, headers: readonly string[] = [], timeoutMs = 20_000): HttpClient {
  const address = new URL(url);
  const credentials = credentialsOf({ options: headers, environment: undefined, url: address });
  return createHttpClient({ url: address, credentials, timeoutMs });
}

const whole = (text: string, status = 200) => ({ type: "whole", status, text });

test("a path is asked for below the address, whose own path stays", async () => {
  const server = await startServer(always(200, "yes"));
  for (const address of [`${server.url}/jaeger`, `${server.url}/jaeger/`]) {
    expect(await clientOf(address).get("/api/services", { a: '{"x":"&=?#"}' })).toEqual(
      whole("yes"),
    );
  }
  const path = "/jaeger/api/services?a=%7B%22x%22%3A%22%26%3D%3F%23%22%7D";
  expect(server.asked).toEqual([path, path]);
});

test("an answer that asks for patience is waited for and asked for again", async () => {
  const answers = [always(429, "", { "retry-after": "0" }), always(503, ""), always(200, "there")];
  const server = await startServer((request, response) => answers.shift()?.(request, response));
  expect(await clientOf(server.url).get("/x")).toEqual(whole("there"));
  expect(server.asked.length).toBe(3);
});

test("patience has an end: after four answers, or at more than ten seconds", async () => {
  const impatient = await startServer(always(503, "", { "retry-after": "0" }));
  await expect(clientOf(impatient.url).get("/x")).rejects.toEqual(
    new InputError(`${impatient.url}: too busy, it answers 503 again and again`),
  );
  expect(impatient.asked.length).toBe(4);
  const lazy = await startServer(always(429, "", { "retry-after": "11" }));
  await expect(clientOf(lazy.url).get("/x")).rejects.toEqual(
    new InputError(`${lazy.url}: too busy, it answers 429 and asks to be left alone for 11 s`),
  );
  expect(lazy.asked.length).toBe(1);
});

test("a redirect is followed on the same server only, and not for ever", async () => {
  const secret = "Bearer s3cr3t-token";
  const other = await startServer(always(200, "credentials, please"));
  const server = await startServer((request, response) => {
    const to = { "/near": "/there", "/far": `${other.url}/there`, "/round": "/round" }[
      request.url ?? ""
    ];
    if (to === undefined)
      return always(200, String(request.headers.authorization))(request, response);
    always(307, "", { location: to })(request, response);
  });
  const client = clientOf(server.url, [`Authorization: ${secret}`]);
  expect(await client.get("/near")).toEqual(whole(secret));
  await expect(client.get("/far")).rejects.toEqual(
    new InputError(
      `${server.url}: it redirects to ${other.url}/there: give that address if it is the right one`,
    ),
  );
  expect(other.asked).toEqual([]);
  await expect(client.get("/round")).rejects.toEqual(
    new InputError(`${server.url}: it redirects in a circle`),
  );
});

test("an answer without end is cut at its bound, in one piece or unfolded from gzip", async () => {
  const piece = Buffer.alloc(2 ** 20, " ");
  const endless = await startServer((_, response) => {
    const write = (): void => {
      while (!response.destroyed && response.write(piece));
    };
    response.on("drain", write);
    write();
  });
  const client = clientOf(endless.url);
  expect(await client.get("/x")).toEqual({ type: "too_large" });
  expect(client.bytes()).toBe(64 * 2 ** 20);

  const packed = gzipSync(Buffer.alloc(65 * 2 ** 20));
  const bomb = await startServer((_, response) =>
    response.writeHead(200, { "content-encoding": "gzip" }).end(packed),
  );
  expect(packed.length).toBeLessThan(100_000);
  expect(await clientOf(bomb.url).get("/x")).toEqual({ type: "too_large" });
});

test("an answer of exactly the bound is read, and one byte more is not", async () => {
  const most = 64 * 2 ** 20;
  const server = await startServer((request, response) =>
    response.end(Buffer.alloc(most + Number(request.url?.slice(1)), "x")),
  );
  expect(await clientOf(server.url).get("/0")).toMatchObject({ type: "whole", status: 200 });
  expect(await clientOf(server.url).get("/1")).toEqual({ type: "too_large" });
});

test("an answer that drips ends at the time that one request may take", async () => {
  const server = await startServer((_, response) => {
    const drip = setInterval(() => response.write(" "), 50);
    response.on("close", () => clearInterval(drip));
  });
  await expect(clientOf(server.url, [], 1000).get("/x")).rejects.toMatchObject({
    name: "InputError",
    message: `${server.url}: no whole answer within 1 s (see --timeout)`,
  });
});

test("what a server repeats of the credentials is not printed", async () => {
  const server = await startServer((request, response) =>
    response
      .writeHead(400)
      .end(`bad header ${request.headers["x-scope-orgid"]} for ${request.headers.authorization}`),
  );
  const address = server.url.replace("//", "//me:p%40ssword@");
  const client = clientOf(address, ["X-Scope-OrgID: tenant-7"]);
  const answer = await client.get("/x");
  const text = answer.type === "whole" ? answer.text : "";
  expect(text).toBe(`bad header tenant-7 for Basic ${btoa("me:p@ssword")}`);
  expect(client.error(`${text} p@ssword p%40ssword`).message).toBe(
    `${server.url}: bad header *** for *** *** ***`,
  );
});
