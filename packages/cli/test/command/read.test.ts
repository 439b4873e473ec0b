import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { accountOf, renderAccount, toJson } from "../../src/index.ts";
import { DISPOSAL } from "../disposal.ts";
import {
  actionSpan,
  closedRun,
  completedRun,
  otlpLine,
  otlpRequest,
  stoppedRun,
} from "../otlp-builder.ts";
import { spansOf } from "../spans.ts";
import { finish, startWhyClosed, whyClosed } from "./bin.ts";

const LINES = `${DISPOSAL.map((span) => otlpLine(span)).join("\n")}\n`;
const ACCOUNT = accountOf(spansOf(...DISPOSAL));
const TREE = { status: 0, stdout: renderAccount(ACCOUNT), stderr: "" };
const ONE_COMPLETED = "1 run completed\n";

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "why-closed-"));
});

afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, text);
  return path;
}

test("a file of lines is printed as a tree", async () => {
  expect(await whyClosed([await file("lines.jsonl", LINES)])).toEqual(TREE);
});

test("a document, an array and standard input give the same", async () => {
  const document = await file("document.json", JSON.stringify(otlpRequest(...DISPOSAL), null, 2));
  const array = await file(
    "array.json",
    JSON.stringify(
      DISPOSAL.map((span) => otlpRequest(span)),
      null,
      2,
    ),
  );
  expect(await whyClosed([document])).toEqual(TREE);
  expect(await whyClosed([array])).toEqual(TREE);
  expect(await whyClosed([], LINES)).toEqual(TREE);
  expect(await whyClosed(["-"], LINES)).toEqual(TREE);
});

test("the same file twice gives the same", async () => {
  const path = await file("twice.jsonl", LINES);
  expect(await whyClosed([path, path])).toEqual(TREE);
});

test("standard input twice is read once", async () => {
  const path = await file("beside.jsonl", LINES);
  expect(await whyClosed(["-", "-"], LINES)).toEqual(TREE);
  expect(await whyClosed(["-", path, "-"], LINES)).toEqual(TREE);
  expect(await whyClosed(["-", "-"], "")).toEqual({
    status: 2,
    stdout: "",
    stderr: "why-closed: standard input: it is empty\n",
  });
});

test("--json prints exactly one document", async () => {
  const { status, stdout, stderr } = await whyClosed(["--json"], LINES);
  expect([status, stderr]).toEqual([0, ""]);
  expect(JSON.parse(stdout)).toStrictEqual(toJson(ACCOUNT));
});

test("--json lists every run, and control characters in it are escaped", async () => {
  const name = "\u009b31m \u007f \u{e0001} \ud800";
  const spans = Array.from({ length: 25 }, (_, at) => ({
    ...stoppedRun(at + 2, `r${at}`, "01root", 0.1),
    name,
  }));
  const { stdout } = await whyClosed(["--json"], otlpLine(actionSpan(1, "01root"), ...spans));
  const document = JSON.parse(stdout);
  expect([document.actions[0].closed.length, document.runs[0].name]).toEqual([25, name]);
  expect(stdout.trimEnd()).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
});

test("--all lists what is cut without it", async () => {
  const runs = Array.from({ length: 21 }, (_, at) => closedRun(at + 1, `r${at}`, "user_cancel"));
  const input = otlpLine(...runs);
  expect((await whyClosed([], input)).stdout).toContain("… and 1 more");
  expect((await whyClosed(["--all"], input)).stdout).toContain("agent run r20");
});

test("a folder gives its OTLP files, and says which of the others it left out", async () => {
  await file("folder/b.ndjson", otlpLine(actionSpan(1, "01root")));
  await file("folder/a.jsonl", otlpLine(stoppedRun(2, "r1", "01root", 0.1)));
  await file("folder/c.JSON", otlpLine(completedRun(3, "r2")));
  const other = await file("folder/package.json", '{\n  "name": "other"\n}\n');
  await file("folder/notes.txt", "no OTLP");
  await file("folder/deeper/d.jsonl", otlpLine(completedRun(4, "r3")));
  expect(await whyClosed([join(folder, "folder")])).toEqual({
    status: 0,
    stdout: renderAccount(
      accountOf(
        spansOf(actionSpan(1, "01root"), stoppedRun(2, "r1", "01root", 0.1), completedRun(3, "r2")),
      ),
    ),
    stderr: `why-closed: ${other}: left out, nothing in it is OTLP JSON (line 1: it has no resourceSpans)\n`,
  });
});

test("lines that are not OTLP are told in one line", async () => {
  const input = [otlpLine(completedRun(1, "r1")), "hello", '{"level":"info"}', ""].join("\n");
  expect(await whyClosed([], input)).toEqual({
    status: 0,
    stdout: ONE_COMPLETED,
    stderr:
      "why-closed: standard input: 2 lines are not OTLP JSON and left out, first line 2: it is not valid JSON\n",
  });
});

test("spans without ids are told", async () => {
  const input = otlpLine(completedRun(0, "r0"), completedRun(1, "r1"));
  expect(await whyClosed([], input)).toEqual({
    status: 0,
    stdout: ONE_COMPLETED,
    stderr: "why-closed: standard input: spans without a valid trace and span id left out: 1\n",
  });
});

test("traces without lifecycles are no mistake", async () => {
  expect(await whyClosed([], '{"resourceSpans":[]}')).toEqual({
    status: 0,
    stdout: "no span with lifecycle.* attributes is in this input\n",
    stderr: "",
  });
});

test.each([
  ["an unknown option", ["--colour"], "", "unknown option '--colour' (see --help)"],
  [
    "a value for a switch",
    ["--json=yes"],
    "",
    "option '--json' does not take an argument (see --help)",
  ],
  ["a missing file", ["nowhere.jsonl"], "", "nowhere.jsonl: there is no such file or folder"],
  ["a hostile file name", ["\u001b[2J"], "", "\\u001b[2J: there is no such file or folder"],
  ["nothing", [], "", "standard input: it is empty"],
  ["blank lines", ["-"], " \n\n", "standard input: it is empty"],
  [
    "no OTLP",
    [],
    "hello\n",
    "standard input: nothing in it is OTLP JSON (line 1: it is not valid JSON)",
  ],
  [
    "other JSON",
    [],
    '\n{"a":1}\n',
    "standard input: nothing in it is OTLP JSON (line 2: it has no resourceSpans)",
  ],
  [
    "a word for a port",
    ["listen", "--port", "http"],
    "",
    '--port takes a whole number from 0 to 65535, not "http"',
  ],
  [
    "a port too high",
    ["listen", "--port", "65536"],
    "",
    '--port takes a whole number from 0 to 65535, not "65536"',
  ],
  [
    "no limit",
    ["listen", "--max-body", "0"],
    "",
    '--max-body takes a whole number from 1 to 268435456, not "0"',
  ],
  ["a file to listen to", ["listen", "a.jsonl"], "", "unexpected argument 'a.jsonl' (see --help)"],
])("%s is one clear error", async (_, args, stdin, message) => {
  expect(await whyClosed(args, stdin)).toEqual({
    status: 2,
    stdout: "",
    stderr: `why-closed: ${message}\n`,
  });
});

test("a folder without OTLP is one clear error", async () => {
  const path = join(folder, "empty");
  await mkdir(path);
  expect(await whyClosed([path])).toEqual({
    status: 2,
    stdout: "",
    stderr: `why-closed: ${path}: no *.json, *.jsonl or *.ndjson file is in this folder\n`,
  });
});

test("--help and --version", async () => {
  const help = await whyClosed(["listen", "--help"]);
  expect([help.status, help.stderr, help.stdout.split("\n")[0]]).toEqual([
    0,
    "",
    "why-closed: who closed each run?",
  ]);
  expect(await whyClosed(["--version"])).toEqual({
    status: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    stderr: "",
  });
});

test("a reader that goes away early is no error", async () => {
  const runs = Array.from({ length: 200 }, (_, at) =>
    closedRun(at + 1, `r${at}-${"x".repeat(2000)}`, "error"),
  );
  const path = await file(
    "many.jsonl",
    Array.from({ length: 20 }, () => otlpLine(...runs)).join("\n"),
  );
  const child = startWhyClosed("--json", path);
  child.stdout.once("data", () => child.stdout.destroy());
  expect(await finish(child)).toMatchObject({ status: 0, stderr: "" });
});
