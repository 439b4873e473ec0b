import { spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { type Receiver, startReceiver, toJson } from "../../src/index.ts";
import { always, startServer } from "../backend/http-server.ts";
import { type Finished, finish, MAIN, startWhyClosed, whyClosed } from "./bin.ts";
import { journalDirectory, leaveJournal } from "./dead-journal.ts";

async function received(): Promise<Receiver> {
  const receiver = await startReceiver({ port: 0 });
  onTestFinished(() => receiver.close());
  return receiver;
}

/** What arrived, by the runs' ids. */
function runsOf(receiver: Receiver): Readonly<Record<string, unknown>> {
  const { runs } = toJson(receiver.account());
  return Object.fromEntries(runs.map((run) => [run.id, [run.result, run.loss]]));
}

function startRecovery(args: readonly string[], env: Readonly<Record<string, string>>) {
  return spawn(process.execPath, [MAIN, "recover", ...args], { env: { ...process.env, ...env } });
}

const UNKNOWN = {
  reason: "unknown",
  source: null,
  signal: null,
  exitCode: null,
  terminationReason: null,
};

const clean = (stdout: string): Finished => ({ status: 0, stdout, stderr: "" });

describe("what the dead have left is exported", () => {
  test("runs that were open as lost, those that had ended as they ended", async () => {
    const directory = journalDirectory();
    const receiver = await received();
    leaveJournal(directory, { open: ["r1", "r2"], ended: ["r3"] });
    leaveJournal(directory, { open: ["r4"], tornLines: 2 });
    leaveJournal(directory, { open: ["r5"], host: "elsewhere" });
    leaveJournal(directory, { open: ["r6"], version: 2 });
    const { status, stdout, stderr } = await whyClosed([
      "recover",
      directory,
      "--endpoint",
      receiver.url,
    ]);
    expect([status, stdout, stderr]).toEqual([
      1,
      "recovered 2 journals: 3 runs lost, 1 other span, 2 lines damaged; left alone: 1 of another host, 1 of a newer version\n",
      "",
    ]);
    expect(runsOf(receiver)).toEqual({
      r1: ["lost", UNKNOWN],
      r2: ["lost", UNKNOWN],
      r3: ["completed", undefined],
      r4: ["lost", UNKNOWN],
    });
  });

  test("and removed, so that nothing is exported twice", async () => {
    const directory = journalDirectory();
    const { url } = await received();
    leaveJournal(directory, { open: ["r1"] });
    const args = ["recover", directory, "--endpoint", url];
    expect(await whyClosed(args)).toEqual(
      clean("recovered 1 journal: 1 run lost, 0 other spans, 0 lines damaged\n"),
    );
    expect(await whyClosed(args)).toEqual(clean("no journal of a dead process is here\n"));
    expect(readdirSync(directory)).toEqual([]);
  });

  test("--json prints one document", async () => {
    const directory = journalDirectory();
    const { url } = await received();
    leaveJournal(directory, { open: ["r1"], ended: ["r2"] });
    leaveJournal(directory, { open: ["r3"], pid: 12 });
    const { status, stdout } = await whyClosed([
      "recover",
      directory,
      "--endpoint",
      url,
      "--json",
      "--pid",
      "4711",
    ]);
    expect([status, JSON.parse(stdout)]).toEqual([
      0,
      {
        journals: 1,
        spans: 2,
        exported: 2,
        lost: 1,
        refused: 0,
        damaged: 0,
        left: {
          alive: 0,
          other_host: 0,
          other_owner: 0,
          newer_version: 0,
          not_a_journal: 0,
          other_pid: 1,
          failed: 0,
        },
        complete: true,
      },
    ]);
  });

  test("--any-host takes those of other hosts", async () => {
    const directory = journalDirectory();
    const receiver = await received();
    leaveJournal(directory, { open: ["r1"], host: "elsewhere", boot: "0".repeat(36) });
    await whyClosed(["recover", directory, "--endpoint", receiver.url, "--any-host"]);
    expect(runsOf(receiver)).toEqual({ r1: ["lost", UNKNOWN] });
  });
});

describe("what is said of the end stands on the lost runs", () => {
  test.each([
    [
      "a supervisor's signal",
      ["--signal", "SIGKILL"],
      { ...UNKNOWN, reason: "signal", source: "supervisor", signal: "SIGKILL" },
    ],
    [
      "an exit code above 128, from which no signal follows",
      ["--exit-code", "137"],
      { ...UNKNOWN, reason: "exit", source: "supervisor", exitCode: 137 },
    ],
    [
      "Kubernetes' reason",
      ["--reason", "OOMKilled", "--exit-code", "137"],
      {
        ...UNKNOWN,
        reason: "oom_kill",
        source: "kubernetes",
        exitCode: 137,
        terminationReason: "OOMKilled",
      },
    ],
  ])("%s", async (_title, options, loss) => {
    const directory = journalDirectory();
    const receiver = await received();
    leaveJournal(directory, { open: ["r1"], ended: ["r2"] });
    await whyClosed(["recover", directory, "--endpoint", receiver.url, ...options]);
    expect(runsOf(receiver)).toEqual({ r1: ["lost", loss], r2: ["completed", undefined] });
  });

  test("of the process that --pid names, not on those that it had taken over", async () => {
    const directory = journalDirectory();
    const receiver = await received();
    const taken = join(leaveJournal(directory, { open: ["r1"], pid: 4711 }), "taken");
    mkdirSync(taken, { mode: 0o700 });
    leaveJournal(taken, { open: ["r2"], pid: 12 });
    const said = ["--pid", "4711", "--signal", "SIGKILL"];
    await whyClosed(["recover", directory, "--endpoint", receiver.url, ...said]);
    expect(runsOf(receiver)).toEqual({
      r1: ["lost", { ...UNKNOWN, reason: "signal", source: "supervisor", signal: "SIGKILL" }],
      r2: ["lost", UNKNOWN],
    });
  });
});

describe("where the spans go", () => {
  test.each([
    ["a base", "", {}, "/v1/traces"],
    ["a base with a slash", "/", {}, "/v1/traces"],
    ["a base below a path", "/otlp", {}, "/otlp/v1/traces"],
    ["the path itself", "/v1/traces", {}, "/v1/traces"],
    [
      "the environment's base",
      undefined,
      { OTEL_EXPORTER_OTLP_ENDPOINT: "/otlp" },
      "/otlp/v1/traces",
    ],
    [
      "the environment's address for traces, as it is",
      undefined,
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "/here", OTEL_EXPORTER_OTLP_ENDPOINT: "/otlp" },
      "/here",
    ],
    [
      "what is given, before the environment",
      "",
      { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "/here" },
      "/v1/traces",
    ],
  ] as const)("%s", async (_title, given, environment, path) => {
    const directory = journalDirectory();
    leaveJournal(directory, { open: ["r1"] });
    const { url, asked } = await startServer(always(200, ""));
    const env = Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [name, `${url}${value}`]),
    );
    const args = given === undefined ? [] : ["--endpoint", `${url}${given}`];
    expect((await finish(startRecovery([directory, ...args], env))).status).toBe(0);
    expect(asked).toEqual([path]);
  });

  test("with the environment's headers, and the URL's user", async () => {
    const directory = journalDirectory();
    leaveJournal(directory, { open: ["r1"] });
    const headers: unknown[] = [];
    const { url } = await startServer((request, response) => {
      headers.push([request.headers["x-tenant"], request.headers.authorization]);
      response.end();
    });
    const endpoint = url.replace("//", "//user:secret@");
    const env = { OTEL_EXPORTER_OTLP_HEADERS: "x-tenant=seven" };
    await finish(startRecovery([directory, "--endpoint", endpoint], env));
    expect(headers).toEqual([["seven", `Basic ${Buffer.from("user:secret").toString("base64")}`]]);
  });
});

describe("what cannot be exported waits for the next recovery", () => {
  test.each(["SIGINT", "SIGTERM"] as const)(
    "%s stops it; why the last export failed is told, without what is secret in the address",
    async (signal) => {
      const directory = journalDirectory();
      leaveJournal(directory, { open: ["r1", "r2"] });
      const { url, asked } = await startServer(always(401, "who is user:secret?"));
      const endpoint = url.replace("//", "//user:secret@");
      const child = startWhyClosed("recover", directory, "--endpoint", endpoint);
      const finished = finish(child);
      // By the second one it knows why the first was refused.
      await expect.poll(() => asked.length, { timeout: 15_000 }).toBe(2);
      child.kill(signal);
      expect(await finished).toEqual({
        status: 1,
        stdout:
          "took over 1 journal: 0 runs lost, 0 other spans, 0 lines damaged; not exported: at least 2 spans\n",
        stderr: `why-closed: stopped by ${signal}; ${url}/v1/traces: it refuses whoever sends (401): see OTEL_EXPORTER_OTLP_HEADERS; what is left waits for the next recovery\n`,
      });
      const receiver = await received();
      expect(await whyClosed(["recover", directory, "--endpoint", receiver.url])).toEqual(
        clean("recovered 1 journal: 2 runs lost, 0 other spans, 0 lines damaged\n"),
      );
      expect(Object.keys(runsOf(receiver))).toEqual(["r1", "r2"]);
    },
  );

  test("so it does after the time that it was given", async () => {
    const directory = journalDirectory();
    leaveJournal(directory, { open: ["r1"] });
    const { url } = await startServer(always(400, ""));
    const args = ["recover", directory, "--endpoint", url, "--timeout", "1s"];
    const { status, stderr } = await whyClosed(args);
    expect([status, stderr]).toEqual([
      1,
      expect.stringMatching(/^why-closed: stopped after 1 s.*waits for the next recovery\n$/),
    ]);
    expect(readdirSync(directory)).not.toEqual([]);
  });
});

describe("a mistake is one clear line, and status 2", () => {
  const ENDPOINT = ["--endpoint", "http://127.0.0.1:4318"];

  test.each<[string, (directory: string) => readonly string[], string]>([
    ["no directory", () => ENDPOINT, "name the directory of the journals (see --help)"],
    ["two", (at) => [at, "more", ...ENDPOINT], "unexpected argument 'more' (see --help)"],
    [
      "no endpoint",
      (at) => [at],
      "say where the spans are to go: --endpoint URL, or OTEL_EXPORTER_OTLP_ENDPOINT (see --help)",
    ],
    [
      "no URL",
      (at) => [at, "--endpoint", "user:secret@host"],
      '--endpoint takes a URL of http or https, such as http://127.0.0.1:4318, not "***@host"',
    ],
    [
      "another protocol",
      (at) => [at, "--endpoint", "grpc://host:4317?key=secret"],
      '--endpoint takes a URL of http or https, such as http://127.0.0.1:4318, not "grpc://host:4317"',
    ],
    [
      "an exit code above 255",
      (at) => [at, ...ENDPOINT, "--exit-code", "256"],
      '--exit-code takes a whole number from 0 to 255, not "256"',
    ],
    [
      "a signal without its SIG",
      (at) => [at, ...ENDPOINT, "--signal", "KILL"],
      '--signal takes the name of a signal, such as SIGKILL, not "KILL"',
    ],
    [
      "a signal's number",
      (at) => [at, ...ENDPOINT, "--signal", "9"],
      '--signal takes the name of a signal, such as SIGKILL, not "9"',
    ],
    [
      "a sentence as a reason",
      (at) => [at, ...ENDPOINT, "--reason", "it was killed"],
      '--reason takes one word of at most 64 letters and digits, such as OOMKilled, not "it was killed"',
    ],
    [
      "a process id of 0",
      (at) => [at, ...ENDPOINT, "--pid", "0"],
      '--pid takes a whole number from 1 to 4194304, not "0"',
    ],
    [
      "a timeout without a unit",
      (at) => [at, ...ENDPOINT, "--timeout", "30"],
      '--timeout takes a time such as 30s, 15m, 1h or 7d, from 1s to 1d, not "30"',
    ],
    ["an unknown option", (at) => [at, "--force"], "unknown option '--force' (see --help)"],
  ])("%s", async (_title, args, sentence) => {
    expect(await whyClosed(["recover", ...args(journalDirectory())])).toEqual({
      status: 2,
      stdout: "",
      stderr: `why-closed: ${sentence}\n`,
    });
  });

  test.each<[string, (path: string) => void, string]>([
    ["that is not there", () => undefined, "there is no such directory"],
    ["that is a file", (path) => writeFileSync(path, ""), "this is no directory"],
    [
      "that is a symbolic link",
      (path) => symlinkSync(".", path),
      "this is a symbolic link: name the directory that it leads to",
    ],
    [
      "in which others may write",
      (path) => {
        mkdirSync(path);
        chmodSync(path, 0o770);
      },
      "others may write in this directory: chmod 700",
    ],
  ])("a directory %s", async (_title, make, sentence) => {
    const path = join(journalDirectory(), "place");
    make(path);
    const was = existsSync(path);
    expect(await whyClosed(["recover", path, ...ENDPOINT])).toEqual({
      status: 2,
      stdout: "",
      stderr: `why-closed: ${path}: ${sentence}\n`,
    });
    expect(existsSync(path)).toBe(was);
  });
});
