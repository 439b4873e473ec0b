import { execFileSync, spawnSync } from "node:child_process";
import {
  constants,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { lifecycleSnapshot } from "@otel-lifecycle/api";
import type { RunIncident } from "@otel-lifecycle/incidents";
import { createIncidentFile, type IncidentWriter } from "@otel-lifecycle/sdk/incidents";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const WHAT = "incident file";
let folder = "";
let before = 0;
const dropped = () => (lifecycleSnapshot().bounded[WHAT] ?? 0) - before;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "incidents-"));
  before = lifecycleSnapshot().bounded[WHAT] ?? 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

// A cast, because of an incident only its place in the file matters here.
const incident = (id: number, text = ""): RunIncident =>
  ({ incident_id: String(id), summary: text }) as RunIncident;
const lineOf = (id: number, text = ""): string => `${JSON.stringify(incident(id, text))}\n`;
const linesUpTo = (last: number): string =>
  Array.from({ length: last }, (_, index) => lineOf(index + 1)).join("");
const fill = (path: string, last: number) => {
  const file = createIncidentFile(path);
  for (let id = 1; id <= last; id += 1) file.write(incident(id));
  return file;
};

describe("incidents are appended to a file, one line of JSON each (rule 36)", () => {
  test("in order, to a file that only its owner reads", async () => {
    const path = join(folder, "incidents.jsonl");
    await fill(path, 200).flush();
    expect(readFileSync(path, "utf8")).toBe(linesUpTo(200));
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test("behind what is in it, whatever its mode", async () => {
    const path = join(folder, "incidents.jsonl");
    writeFileSync(path, lineOf(0), { mode: 0o640 });
    await fill(path, 1).flush();
    expect(readFileSync(path, "utf8")).toBe(lineOf(0) + lineOf(1));
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  test("to a new one once the old was rotated away", async () => {
    const path = join(folder, "incidents.jsonl");
    const file = fill(path, 1);
    await file.flush();
    renameSync(path, `${path}.1`);
    file.write(incident(2));
    await file.flush();
    expect([readFileSync(`${path}.1`, "utf8"), readFileSync(path, "utf8")]).toEqual([
      lineOf(1),
      lineOf(2),
    ]);
  });

  test("the file is made at once, and nothing is written before the turn of the caller is over", async () => {
    const path = join(folder, "incidents.jsonl");
    const file = fill(path, 1);
    await vi.waitFor(() => expect(statSync(path).size).toBeGreaterThan(0));
    expect(readFileSync(path, "utf8")).toBe(lineOf(1));
    await file.flush();
  });
});

describe("at most 4,096 incidents wait; further ones are dropped and counted (rule 38)", () => {
  test.each([
    [4_096, 0],
    [4_097, 1],
  ])("of %i in one turn %i are dropped", async (given, expected) => {
    const path = join(folder, "incidents.jsonl");
    await fill(path, given).flush();
    expect(readFileSync(path, "utf8")).toBe(linesUpTo(4_096));
    expect(dropped()).toBe(expected);
  });
});

describe("what cannot be written costs one warning, and the application goes on (rule 38)", () => {
  test.each<[string, () => string, number]>([
    ["a directory that is not there", () => join(folder, "none", "incidents.jsonl"), 2],
    ["a directory in its place", () => folder, 2],
    ["a full disk", () => "/dev/full", 1],
  ])("%s", async (_, pathOf, failures) => {
    const path = pathOf();
    const file = fill(path, 1);
    await file.flush();
    expect(dropped()).toBe(failures);
    file.write(incident(2));
    await file.flush();
    expect(dropped()).toBe(failures + 1);
  });

  test("what was cut off stands alone in its line, and does not swallow the next", () => {
    const path = join(folder, "incidents.jsonl");
    const program = [process.execPath, fixture("incident-file-torn.mjs"), path];
    spawnSync("sh", ["-c", 'ulimit -f 16 && exec "$@"', "sh", ...program]);
    const [torn = "", ...lines] = readFileSync(path, "utf8").split("\n");
    expect(torn).toMatch(/^\{"incident_id":/);
    expect(torn.endsWith("}")).toBe(false);
    expect(lines).toEqual([lineOf(65).trimEnd(), ""]);
  });

  test("said through diag the first time", () => {
    const { status, stdout } = spawnSync(process.execPath, [fixture("incident-file-warns.mjs")], {
      encoding: "utf8",
    });
    expect({ status, warnings: JSON.parse(stdout) }).toEqual({
      status: 0,
      warnings: [
        "incident file: a step of the instrumentation failed (Error). Further ones are counted, not logged.",
      ],
    });
  });
});

describe("a pipe holds nobody up", () => {
  const LONG = "x".repeat(700);
  const pipe = (): string => {
    const path = join(folder, "pipe");
    execFileSync("mkfifo", [path]);
    return path;
  };

  test.each<[string, (file: Required<IncidentWriter>) => unknown, number]>([
    ["while it was flushed", (file) => file.flush(), 0],
    ["while it was flushed at once", (file) => file.flushSync(), 1],
    [
      "while it was flushed in both ways",
      async (file) => {
        const flushed = file.flush();
        // The first write is on its way then; no event comes between.
        for (let turn = 0; turn < 10; turn += 1) await undefined;
        file.flushSync();
        return flushed;
      },
      1,
    ],
  ])(
    "one that became full %s is gone on with once it is read, and no line is torn",
    async (_, flush, failures) => {
      const path = pipe();
      const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      const file = createIncidentFile(path);
      await file.flush();
      // Of which a pipe holds 64 kB: more than what is written at a time, and less than twice that.
      for (let id = 1; id <= 500; id += 1) file.write(incident(id, LONG));
      await flush(file);
      let read = "";
      await vi.waitFor(
        () => {
          read += readAvailable(reader);
          expect(read.split("\n").length - 1).toBe(500);
        },
        { timeout: 10_000, interval: 5 },
      );
      const expected = Array.from({ length: 500 }, (_, index) => lineOf(index + 1, LONG));
      expect(read).toBe(expected.join(""));
      expect(dropped()).toBe(failures);
    },
  );

  test("one that nobody reads keeps no process alive", () => {
    const program = fixture("incident-file-exits.mjs");
    const { status } = spawnSync(process.execPath, [program, pipe(), "10", "end"], {
      timeout: 10_000,
    });
    expect(status).toBe(0);
  });
});

describe("what waits when the process ends is written then", () => {
  test.each([
    ["end", 4_096, 4_096, 0],
    ["exit", 1_024, 1_024, 3],
    ["exit", 1_025, 1_024, 3],
    ["throw", 10, 10, 1],
  ])("by %s: of %i incidents %i, and the status is its own", (how, given, written, expected) => {
    const path = join(folder, "incidents.jsonl");
    const { status } = spawnSync(process.execPath, [
      fixture("incident-file-exits.mjs"),
      path,
      String(given),
      how,
    ]);
    expect(status).toBe(expected);
    expect(readFileSync(path, "utf8")).toBe(linesUpTo(written));
  });
});

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));

const readAvailable = (file: number): string => {
  const buffer = Buffer.alloc(16_384);
  try {
    return buffer.toString("utf8", 0, readSync(file, buffer));
  } catch {
    // Nothing in it now.
    return "";
  }
};
