import { existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { trace } from "@opentelemetry/api";
import { type Run, startRun, withRun } from "@otel-lifecycle/api";
import { registry } from "@otel-lifecycle/api/internal";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { openJournal } from "@otel-lifecycle/sdk/journal";
import { describe, expect, test } from "vitest";
import { capturedDiag } from "../../tracing.ts";
import { createExporter, namesOf, newDirectory, recordsOf, setUp } from "./journalling.ts";

const SUCCESS = 0;
const FAILURE = 1;
const runOnce = (name = "agent run"): void => withRun({ name }, () => undefined);

describe("issue 7, point 1: what the exporter acknowledges", () => {
  test("leaves the journal, one record a batch, and a closed one is gone", async () => {
    const { directory, journal, provider } = setUp();
    runOnce("first");
    runOnce("second");
    expect(journal.isNeeded).toBe(true);
    await provider.forceFlush();
    expect(namesOf(journal.path)).toEqual(["B2", "E2", "B3", "E3", "A 2,3"]);
    expect(journal.isNeeded).toBe(false);
    journal.close();
    expect(readdirSync(directory)).toEqual([]);
    expect([journal.path, journal.isNeeded, registry.journal]).toEqual([
      undefined,
      false,
      undefined,
    ]);
  });

  test("stays until it answers, and stays when it fails", async () => {
    const { directory, journal, batches, provider } = setUp({ code: "later" });
    runOnce();
    const flushed = provider.forceFlush().then(
      () => "exported",
      () => "failed",
    );
    expect(journal.isNeeded).toBe(true);
    batches[0]?.answer(FAILURE);
    expect(await flushed).toBe("failed");
    expect(namesOf(journal.path)).toEqual(["B2", "E2"]);
    const { path = "" } = journal;
    journal.close();
    // Left to the next start.
    expect(existsSync(path)).toBe(true);
    expect(readdirSync(directory)).toHaveLength(1);
  });

  test("is what it was given: spans, results, errors, flushes and shutdowns go through", async () => {
    const { journal } = setUp();
    const calls: unknown[] = [];
    const error = new Error("refused");
    const exporter = journal.through<object>({
      export: (spans, done) => {
        calls.push(spans);
        done({ code: FAILURE, error });
      },
      forceFlush: () => Promise.reject(error),
      shutdown: () => Promise.reject(error),
    });
    const spans = [{ name: "a" }];
    exporter.export(spans, (result) => calls.push(result));
    expect(calls).toEqual([spans, { code: FAILURE, error }]);
    expect(calls[0]).toBe(spans);
    await expect(exporter.forceFlush?.()).rejects.toBe(error);
    await expect(exporter.shutdown()).rejects.toBe(error);
    const { exporter: bare } = createExporter(SUCCESS);
    expect("forceFlush" in journal.through(bare)).toBe(false);
  });

  test("what an exporter throws comes out where it would without a journal", () => {
    const { journal } = setUp();
    const error = new Error("broke");
    const exporter = journal.through<object>({
      export: () => {
        throw error;
      },
      shutdown: () => Promise.resolve(),
    });
    expect(() => exporter.export([{}], () => undefined)).toThrow(error);
  });
});

describe("issue 7, point 3: spill", () => {
  test("takes down whole spans that are not there, and counts those that are", async () => {
    const { journal, tracer, batches, provider } = setUp({ code: "later" });
    withRun({ name: "agent run" }, () =>
      tracer.startSpan("tool call", { attributes: { a: 1 } }).end(),
    );
    void provider.forceFlush();
    const { spans = [] } = batches[0] ?? {};
    expect(journal.spill(spans)).toBe(2);
    expect(journal.spill(spans)).toBe(2);
    expect(namesOf(journal.path)).toEqual(["B2", "E2", "F4"]);
    expect(recordsOf(journal.path)[2]?.body).toMatchObject({ n: "tool call", a: { a: 1 } });
    // The answer may still come.
    batches[0]?.answer(SUCCESS);
    expect(namesOf(journal.path).at(-1)).toMatch(/^A (?:2,4|4,2)$/);
    expect(journal.isNeeded).toBe(false);
    expect(journal.spill(spans)).toBe(2);
    expect(namesOf(journal.path)).toHaveLength(4);
  });

  test.each([
    ["no span", {}],
    [
      "one that is not sampled",
      trace.wrapSpanContext({ traceId: "0", spanId: "0", traceFlags: 0 }),
    ],
  ])("of %s takes down nothing", (_, span) => {
    const { journal } = setUp();
    expect(journal.spill([span])).toBe(0);
    expect(namesOf(journal.path)).toEqual([]);
  });
});

describe("openJournal", () => {
  const processor = new LifecycleSpanProcessor();
  const directory = newDirectory();

  test.each([
    ["no options", undefined, "invalid_option"],
    ["no directory", { processor }, "invalid_option"],
    ["an empty directory", { processor, directory: "" }, "invalid_option"],
    ["no processor", { directory }, "invalid_option"],
    ["another object", { directory, processor: {} }, "invalid_option"],
    ["too few bytes", { directory, processor, maxBytes: 2 ** 20 - 1 }, "invalid_option"],
    ["too many bytes", { directory, processor, maxBytes: 16 * 2 ** 30 + 1 }, "invalid_option"],
    ["too short an interval", { directory, processor, syncIntervalMs: 9 }, "invalid_option"],
    ["too long an interval", { directory, processor, syncIntervalMs: 60_001 }, "invalid_option"],
    ["an unknown option", { directory, processor, path: "x" }, "unknown_option"],
  ])("refuses %s", (_, options, code) => {
    expect(() => openJournal(options as Parameters<typeof openJournal>[0])).toThrow(
      expect.objectContaining({ name: "LifecycleError", code }),
    );
    expect(registry.journal).toBeUndefined();
  });

  test.each([
    ["the fewest bytes", { maxBytes: 2 ** 20 }],
    ["the most", { maxBytes: 16 * 2 ** 30 }],
    ["the shortest interval", { syncIntervalMs: 10 }],
    ["the longest", { syncIntervalMs: 60_000 }],
  ])("takes %s", (_, options) => {
    const { journal } = setUp({ options });
    expect(journal.path).toBeDefined();
  });

  test("a second one of a thread warns, and does nothing", async () => {
    const { directory: first, journal } = setUp();
    const lines = capturedDiag();
    const { exporter } = createExporter(SUCCESS);
    const second = openJournal({ directory: first, processor });
    expect(lines).toEqual([expect.stringContaining("openJournal() was called before")]);
    expect([second.path, second.isNeeded, second.spill([{}])]).toEqual([undefined, false, 0]);
    expect(second.through(exporter)).toBe(exporter);
    expect(await second.recover(exporter)).toMatchObject({ journals: 0, isComplete: true });
    second.close();
    expect(journal.path).toBeDefined();
    expect(readdirSync(first)).toHaveLength(1);
  });

  test("where the directory cannot be used it warns once, and does nothing", () => {
    const lines = capturedDiag();
    const journal = openJournal({ directory: "/dev/null/journal", processor });
    expect(lines).toHaveLength(1);
    expect([journal.path, registry.journal]).toEqual([undefined, undefined]);
  });

  test("a journal that is switched off is gone, warns once, and another can be opened", () => {
    const { directory: first, journal } = setUp({ options: { maxBytes: 2 ** 20 } });
    const runs: Run[] = [];
    const lines = capturedDiag();
    // The next segment cannot be made where its name is taken.
    takeNextSegment(journal.path ?? "");
    while (journal.path !== undefined && runs.length < 10_000) runs.push(startRun({ name: "run" }));
    expect(runs.length).toBeLessThan(10_000);
    expect(lines.filter((line) => line.includes("journal: off"))).toHaveLength(1);
    expect([registry.journal, readdirSync(first)]).toEqual([undefined, []]);
    for (const run of runs) run.end();
    expect(openJournal({ directory: first, processor, recover: false }).path).toBeDefined();
    registry.journal = undefined;
  });
});

const takeNextSegment = (path: string): void => mkdirSync(join(path, "00000002.log"));
