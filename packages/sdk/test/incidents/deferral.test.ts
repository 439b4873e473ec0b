import { AsyncLocalStorage } from "node:async_hooks";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { currentRun, lifecycleSnapshot, startRun } from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import {
  type IncidentOptions,
  type IncidentRecording,
  recordIncidents,
} from "@otel-lifecycle/sdk/incidents";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { KeepingExporter, registerProvider } from "../tracing.ts";

let folder = "";
let told: (string | undefined)[];
let recording: IncidentRecording | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "incidents-"));
  told = [];
});
afterEach(async () => {
  recording?.stop();
  await recording?.flush();
  rmSync(folder, { recursive: true });
});

const record = (options: IncidentOptions = {}): void => {
  recording = recordIncidents({ onIncident: ({ run }) => told.push(run.id), ...options });
};
const breakOff = (count: number): void => {
  for (let id = 1; id <= count; id += 1) {
    startRun({ name: "agent run", id: idOf(id) }).fail(new Error("broke"));
  }
};
// Of up to four digits each, as a name may have.
const idOf = (id: number): string => `r${Math.floor(id / 1_000)}_${id % 1_000}`;
const idsUpTo = (last: number): readonly string[] =>
  Array.from({ length: last }, (_, index) => idOf(index + 1));
const idsIn = (path: string): readonly string[] =>
  readFileSync(path, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line).run.id);

describe("who ends many runs in one turn is not held up by their incidents (rule 3)", () => {
  test.each([
    [16, 16],
    [17, 16],
  ])("of %i in one turn %i are told at once, and all in order later", async (given, expected) => {
    record();
    breakOff(given);
    expect(told).toEqual(idsUpTo(expected));
    await vi.waitFor(() => expect(told).toEqual(idsUpTo(given)));
  });

  test("the spans of all carry their incident at once", () => {
    const exporter = new KeepingExporter();
    registerProvider([new LifecycleSpanProcessor(), new SimpleSpanProcessor(exporter)]);
    record();
    breakOff(100);
    const carrying = exporter
      .getFinishedSpans()
      .filter(({ attributes }) => "lifecycle.incident.cause" in attributes);
    expect(carrying).toHaveLength(100);
  });

  test("one that is told later is told in the context of its own run, and in no caller's storage", async () => {
    registerProvider([new LifecycleSpanProcessor()]);
    const tenants = new AsyncLocalStorage<string>();
    const seen = new Set<unknown>();
    record({
      onIncident: ({ run }) => {
        told.push(run.id);
        if (told.length > 16) seen.add([currentRun()?.id === run.id, tenants.getStore()].join());
      },
    });
    tenants.run("anna", () => breakOff(60));
    await vi.waitFor(() => expect(told).toHaveLength(60));
    expect([...seen]).toEqual(["true,"]);
  });

  test("what was told of a run is as it was at its end", async () => {
    const { tracer } = registerProvider([new LifecycleSpanProcessor()]);
    const names: string[] = [];
    record({ onIncident: ({ run }) => names.push(run.name) });
    breakOff(16);
    const span = tracer.startSpan("invoke_agent planner");
    startRun({ span }).fail(new Error("broke"));
    span.updateName("something else");
    await recording?.flush();
    expect(names.at(-1)).toBe("invoke_agent planner");
  });
});

test("32,768 wait to be told; further ones are dropped and counted (rule 38)", async () => {
  const before = lifecycleSnapshot().bounded["incidents"] ?? 0;
  record();
  breakOff(16 + 32_768);
  expect((lifecycleSnapshot().bounded["incidents"] ?? 0) - before).toBe(0);
  startRun({ name: "agent run", id: "late" }).fail(new Error("broke"));
  expect((lifecycleSnapshot().bounded["incidents"] ?? 0) - before).toBe(1);
  await recording?.flush();
  expect([told.length, told.at(-1)]).toEqual([16 + 32_768, idOf(16 + 32_768)]);
}, 60_000);

test("flush() has all of them written, more than wait for the disk at a time", async () => {
  const file = join(folder, "incidents.jsonl");
  record({ file });
  breakOff(6_000);
  await recording?.flush();
  expect(idsIn(file)).toEqual(idsUpTo(6_000));
}, 60_000);

describe("what waits to be told when the process ends is told and written then", () => {
  test.each([
    ["end", 3_000, 3_000, 0],
    ["exit", 3_000, 3_000, 3],
    ["throw", 100, 100, 1],
  ])("by %s: of %i incidents %i, and the status is its own", (how, given, written, expected) => {
    const file = join(folder, "incidents.jsonl");
    const program = fileURLToPath(new URL("../fixtures/incidents-exit.mjs", import.meta.url));
    const { status } = spawnSync(process.execPath, [program, file, String(given), how]);
    expect(status).toBe(expected);
    expect(idsIn(file)).toEqual(idsUpTo(written));
  });
});
