import { expect, test } from "vitest";
import { run } from "../support/program.ts";
import { runWatched } from "./program.ts";

test("a program that hides the global `process` exits as it would have (rule 20)", async () => {
  const { code } = await runWatched("lives", { args: ["hides the process"] });
  expect(code).toBe(4);
});

test("a program whose timers throw dies of its signal (rule 20)", async () => {
  const { signal } = await runWatched("lives", { args: ["breaks its timers"] });
  expect(signal).toBe("SIGTERM");
});

test("what a listener of a signal throws is shown with its own line (rule 20)", async () => {
  const env = { OTEL_TRACES_EXPORTER: "none" };
  const { status, stderr } = await run("throws-at-signal.mjs", { env });
  expect({ status, line: stderr.split("\n")[1] }).toEqual({
    status: 1,
    line: '  throw new Error("torn");',
  });
});
