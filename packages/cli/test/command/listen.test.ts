import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  accountOf,
  parseRequest,
  renderAccount,
  renderIncidents,
  startReceiver,
} from "../../src/index.ts";
import { DISPOSAL } from "../disposal.ts";
import { CRASHED, DISCONNECT, logsLine } from "../incident-fixtures.ts";
import { completedRun, otlpLine, otlpRequest } from "../otlp-builder.ts";
import { chunk, requestOf, runFields } from "../protobuf-builder.ts";
import { spansOf } from "../spans.ts";
import { startWhyClosed, whyClosed, written } from "./bin.ts";

const ONE_RUN = otlpLine(completedRun(40, "r40"));
const NOTHING = "no span with lifecycle.* attributes is in this input\n";

async function listening(...args: readonly string[]) {
  const child = startWhyClosed("listen", "--port", "0", ...args);
  const ended = once(child, "close");
  const note = await written(child.stderr, "Ctrl-C\n");
  const url = /http:\S+\d\/v1\/traces/.exec(note)?.[0] ?? "";
  const post = (body: string, path = "/v1/traces") =>
    fetch(new URL(path, url), {
      method: "POST",
      headers: { "Content-Type": "application/json", Connection: "close" },
      body,
    });
  return { child, url, post, ended };
}

test.each([["SIGTERM"], ["SIGINT"]] as const)(
  "%s prints the account and frees the port",
  async (signal) => {
    const { child, url, post, ended } = await listening();
    expect((await post(otlpLine(...DISPOSAL))).status).toBe(200);
    const account = renderAccount(accountOf(spansOf(...DISPOSAL)));
    expect(await written(child.stdout, account)).toBe(account);
    child.kill(signal);
    expect(await written(child.stdout, account)).toBe(`\n${account}`);
    expect(await ended).toEqual([0, null]);
    const server = createServer().listen(Number(new URL(url).port), "127.0.0.1");
    await once(server, "listening");
    server.close();
  },
);

test("the account is printed again when it has changed, and not when it has not", async () => {
  const { child, post, ended } = await listening();
  await post(ONE_RUN);
  expect(await written(child.stdout, "\n")).toBe("1 run completed\n");
  await post(ONE_RUN);
  await post(otlpLine(completedRun(41, "r41")));
  expect(await written(child.stdout, "2 runs completed\n")).toBe("\n2 runs completed\n");
  child.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
});

test("a signal that arrives twice is one", async () => {
  const { child, ended } = await listening();
  child.kill("SIGINT");
  child.kill("SIGINT");
  expect(await written(child.stdout, "\n")).toBe(NOTHING);
  expect(await ended).toEqual([0, null]);
});

test("with nothing received the account says so", async () => {
  const { child, ended } = await listening();
  child.kill("SIGTERM");
  expect(await written(child.stdout, "\n")).toBe(NOTHING);
  expect(await ended).toEqual([0, null]);
});

test("logs change no account, and their incidents are read back out of --out", async () => {
  const folder = await mkdtemp(join(tmpdir(), "why-closed-"));
  const out = join(folder, "received.jsonl");
  const { child, post, ended } = await listening("--out", out);
  const logs = logsLine(DISCONNECT, CRASHED);
  expect((await post(logs, "/v1/logs")).status).toBe(200);
  await post(ONE_RUN);
  expect(await written(child.stdout, "1 run completed\n")).toBe("1 run completed\n");
  expect((await post(logs, "/v1/logs")).status).toBe(200);
  child.kill("SIGTERM");
  await ended;
  expect(await readFile(out, "utf8")).toBe(`${logs}\n${ONE_RUN}\n${logs}\n`);
  expect(await whyClosed(["incidents", out])).toEqual({
    status: 0,
    stdout: renderIncidents([DISCONNECT, CRASHED]),
    stderr: "",
  });
  expect(await whyClosed([out])).toEqual({ status: 0, stdout: "1 run completed\n", stderr: "" });
  await rm(folder, { recursive: true });
});

test("--out appends each request as one line as received, and the program reads it back", async () => {
  const folder = await mkdtemp(join(tmpdir(), "why-closed-"));
  const out = join(folder, "received.jsonl");
  const pretty = JSON.stringify(otlpRequest(completedRun(1, "a\r\nb")), null, 1).replace(
    /\n/g,
    "\r\n",
  );
  for (const body of [ONE_RUN, pretty]) {
    const { child, post, ended } = await listening("--out", out);
    await post(body);
    await post("hello");
    child.kill("SIGTERM");
    await ended;
  }
  const text = await readFile(out, "utf8");
  expect(text).toBe(`${ONE_RUN}\n${pretty.replaceAll("\r\n", " ")}\n`);
  expect(await whyClosed([out])).toEqual({ status: 0, stdout: "2 runs completed\n", stderr: "" });
  await rm(folder, { recursive: true });
});

test("--out has protobuf in JSON, and the program reads it back", async () => {
  const folder = await mkdtemp(join(tmpdir(), "why-closed-"));
  const out = join(folder, "received.jsonl");
  const { child, url, ended } = await listening("--out", out);
  const request = requestOf(runFields(), chunk(5, "agent\r\nrun"));
  for (const body of [request, Buffer.from("hello")])
    await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/x-protobuf", Connection: "close" },
      body,
    });
  child.kill("SIGTERM");
  await ended;
  const lines = (await readFile(out, "utf8")).split("\n");
  expect([lines.length, lines[1]]).toEqual([2, ""]);
  expect(parseRequest(lines[0] ?? "")).toEqual(parseRequest(request));
  expect(await whyClosed([out])).toEqual({ status: 0, stdout: "1 run completed\n", stderr: "" });
  await rm(folder, { recursive: true });
});

test("--max-body is the receiver's limit", async () => {
  const { child, post, ended } = await listening("--max-body", String(ONE_RUN.length - 1));
  expect((await post(ONE_RUN)).status).toBe(413);
  child.kill("SIGTERM");
  await ended;
});

test("a port in use is one clear error", async () => {
  const receiver = await startReceiver({ port: 0 });
  expect(await whyClosed(["listen", "--port", String(receiver.port)])).toEqual({
    status: 2,
    stdout: "",
    stderr: `why-closed: cannot listen on 127.0.0.1, port ${receiver.port}: the port is in use\n`,
  });
  await receiver.close();
});

test("a file that cannot be written is one clear error", async () => {
  const { status, stdout, stderr } = await whyClosed(["listen", "--port", "0", "--out", tmpdir()]);
  expect([status, stdout, stderr.split(":").slice(0, 2)]).toEqual([
    2,
    "",
    ["why-closed", ` cannot write to ${tmpdir()}`],
  ]);
});
