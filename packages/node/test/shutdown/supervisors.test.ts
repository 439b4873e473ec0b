import { describe, expect, test } from "vitest";
import { accountOf, interruptedBy, runAround, runPlain } from "./program.ts";

const DISCONNECTED = interruptedBy("supervisor", { operation: "cluster.disconnect" });

describe("a cluster's worker is shut down by its primary (rules 19, 20)", () => {
  test.each([
    ["worker.disconnect", DISCONNECTED],
    ["primary exits", DISCONNECTED],
    // Node's own words: it kills without a disconnect. Whose signal it is nobody can tell.
    ["worker.kill", interruptedBy("signal", { signal: "SIGTERM" })],
    ["worker.process.kill", interruptedBy("signal", { signal: "SIGTERM" })],
  ])("%s", async (way, account) => {
    const plain = await runPlain("cluster-worker", { args: [way] });
    const { spans, ...ending } = await runAround("cluster-worker", { args: [way] });
    expect({ ending, account: accountOf(spans) }).toEqual({ ending: plain, account });
  });
});

test("a child whose channel is closed, and which is no cluster's, is not shut down (rule 19)", async () => {
  const plain = await runPlain("ipc-child");
  const { spans, ...ending } = await runAround("ipc-child");
  const results = spans.map(({ name, attributes }) => [name, attributes["lifecycle.run.result"]]);
  expect({ ending, results }).toEqual({ ending: plain, results: [["agent run", "completed"]] });
});

test("a thread that exits ends what is in flight in it, and listens to no signals (rules 19, 20)", async () => {
  const { spans, ...ending } = await runAround("worker-thread");
  expect({ ending, account: accountOf(spans) }).toEqual({
    ending: { code: 0, signal: null, stdout: "4 0\n" },
    account: interruptedBy("runtime", { operation: "process.exit" }),
  });
});

describe("a library that was there first, and puts back an older process.emit, costs no run (rule 20)", () => {
  test.each([
    ["raises", { code: null, signal: "SIGTERM" }],
    ["exits", { code: 4, signal: null }],
    ["removes it and exits", { code: 4, signal: null }],
    ["removes it and raises", { code: null, signal: "SIGTERM" }],
  ])("which %s", async (way, ending) => {
    const { spans, code, signal } = await runAround("late", { args: [way] });
    const account = ending.signal
      ? interruptedBy("signal", { signal: "SIGTERM" })
      : interruptedBy("runtime", { operation: "process.exit" });
    expect({ code, signal, account: accountOf(spans) }).toEqual({ ...ending, account });
  });

  test("nor the application its last word", async () => {
    const { spans, code } = await runAround("late", {
      args: ["ends its run in a listener of exit"],
    });
    const results = spans.map(({ attributes }) => attributes["lifecycle.run.result"]);
    expect({ code, results }).toEqual({ code: 4, results: ["completed"] });
  });
});
