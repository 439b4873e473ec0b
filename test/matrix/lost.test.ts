import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { startApp } from "../support/app.ts";
import { documentsOf, namesIn } from "../support/documents.ts";
import { cells } from "./cells.ts";
import { LOST } from "./expected-lost.ts";

const newDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), "journal-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
};

describe("the journal of a process that was killed, and its recovery by the next start (rules 23, 24)", () => {
  test.each(cells())("%s exports what was lost as every other does", async (_title, cell) => {
    const JOURNAL = newDirectory();
    const killed = await startApp({ ...cell, program: "lost", env: { JOURNAL } });
    await killed.said("in-flight");
    killed.kill("SIGKILL");
    const before = await killed.ended();
    expect({ ...before, spans: before.spans.length }).toMatchObject({ spans: 1, stderr: "" });

    const next = await startApp({ ...cell, program: "lost", env: { JOURNAL, RECOVER: "1" } });
    const { spans, ...ending } = await next.ended();
    const stdout = 'recovered {"lost":3,"exported":4,"isComplete":true}\n';
    expect(ending).toEqual({ code: 0, signal: null, stdout, stderr: "" });
    expect(documentsOf(spans, namesIn(spans))).toEqual(LOST);
    expect(readdirSync(JOURNAL)).toEqual([]);
  });
});
