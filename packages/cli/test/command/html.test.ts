import { spawnSync } from "node:child_process";
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { accountOf, renderAccount } from "../../src/index.ts";
import { pictureOf } from "../../src/page/picture.ts";
import { DISPOSAL } from "../disposal.ts";
import { closedRun, otlpLine } from "../otlp-builder.ts";
import { spansOf } from "../spans.ts";
import { whyClosed } from "./bin.ts";

const INPUT = otlpLine(...DISPOSAL);
let folder = "";
let file = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "why-closed-"));
  file = join(folder, "account.html");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What the page of a file draws. */
function embedded(): unknown {
  const html = readFileSync(file, "utf8");
  const json = /<script type="application\/json" id="picture">(.*)<\/script>/.exec(html)?.[1];
  return JSON.parse(json ?? "null");
}

test("--html writes the page besides what is printed, and says so on standard error", async () => {
  const account = accountOf(spansOf(...DISPOSAL));
  expect(await whyClosed(["--html", file], INPUT)).toEqual({
    status: 0,
    stdout: renderAccount(account),
    stderr: `why-closed: the page is in ${file}\n`,
  });
  expect(embedded()).toEqual(pictureOf(account));
  expect(readdirSync(folder)).toEqual(["account.html"]);
});

test("--json is printed besides a page too", async () => {
  const { status, stdout } = await whyClosed(["--json", "--html", file], INPUT);
  expect([status, JSON.parse(stdout).runs.length]).toEqual([0, 11]);
  expect(embedded()).not.toBe(null);
});

test("what is in names cannot end the element that it stands in", async () => {
  const name = "</script><!--<script>\u2028&";
  const run = { ...closedRun(1, "r1", "error"), name };
  await whyClosed(["--html", file], otlpLine(run));
  expect(embedded()).toMatchObject({ runs: [{ name: "</script><!--<script>\\u2028&" }] });
  const html = readFileSync(file, "utf8");
  expect([html.split("</script>").length, html.includes("<!--")]).toEqual([3, false]);
});

test("a page that is there is replaced, also behind a link, and keeps its mode", async () => {
  const link = join(folder, "link.html");
  writeFileSync(file, "old");
  chmodSync(file, 0o600);
  symlinkSync(file, link);
  expect((await whyClosed(["--html", link], INPUT)).status).toBe(0);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect([embedded() === null, statSync(file).mode & 0o777]).toEqual([false, 0o600]);
});

test.each([
  ["a folder", "taken"],
  ["in a folder that is not there", "absent/account.html"],
])("a page that cannot be written is one clear error: %s", async (_, name) => {
  mkdirSync(join(folder, "taken"));
  const path = join(folder, name);
  const { status, stdout, stderr } = await whyClosed(["--html", path], INPUT);
  expect([status, stdout, stderr.startsWith(`why-closed: cannot write to ${path}: `)]).toEqual([
    2,
    "",
    true,
  ]);
  expect(stderr.split("\n").length).toBe(2);
  expect(readdirSync(folder)).toEqual(["taken"]);
});

test("a pipe is written to and stays one", async () => {
  const pipe = join(folder, "pipe");
  expect(spawnSync("mkfifo", [pipe]).status).toBe(0);
  const [{ status }, read] = await Promise.all([
    whyClosed(["--html", pipe], INPUT),
    import("node:fs/promises").then(({ readFile }) => readFile(pipe, "utf8")),
  ]);
  expect([status, read.startsWith("<!doctype html>"), statSync(pipe).isFIFO()]).toEqual([
    0,
    true,
    true,
  ]);
});

test("listen takes no --html: its page is on its port", async () => {
  const { status, stderr } = await whyClosed(["listen", "--html", file]);
  expect([status, stderr]).toEqual([2, "why-closed: unknown option '--html' (see --help)\n"]);
});

test("a page in the place of what is read, or of no name, is refused", async () => {
  writeFileSync(file, INPUT);
  expect(await whyClosed([file, "--html", `${folder}/./account.html`])).toEqual({
    status: 2,
    stdout: "",
    stderr: `why-closed: --html ${folder}/./account.html: the page would take the place of what is read\n`,
  });
  expect(readFileSync(file, "utf8")).toBe(INPUT);
  expect(await whyClosed([file, "--html", ""])).toEqual({
    status: 2,
    stdout: "",
    stderr: "why-closed: --html takes the name of a file\n",
  });
});
