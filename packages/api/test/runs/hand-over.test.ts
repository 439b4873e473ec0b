import { createScope, lifecycleSnapshot, startAction, startRun } from "@otel-lifecycle/api";
import { describe, expect, test } from "vitest";
import { registerHarvest } from "../support/harvest.ts";

registerHarvest();

/** How long a chain of cells hangs on one: what a leak of this kind is made of. */
const chainOf = (cell: unknown, link: string): number => {
  let length = 0;
  for (let at = Reflect.get(Object(cell), link); at !== undefined; at = Reflect.get(at, link)) {
    length += 1;
  }
  return length;
};

describe("rule 11: a run whose outer run has ended", () => {
  test("follows the run around that one", () => {
    const outer = startRun({ name: "outer" });
    const middle = outer.with(() => startRun({ name: "middle" }));
    const inner = middle.with(() => startRun({ name: "inner" }));
    const { signal } = inner;
    middle.end();
    outer.cancel();
    expect(signal.aborted).toBe(true);
    for (const run of [inner, outer]) run.fail(signal.reason);
    expect([inner.close?.type, outer.close?.type]).toEqual(["user_cancel", "user_cancel"]);
  });

  test("keeps no chain of runs that have ended (rule 10)", () => {
    let job = startRun({ name: "job" });
    for (let count = 0; count < 100; count += 1) {
      const next = job.with(() => startRun({ name: "job" }));
      job.end();
      job = next;
    }
    expect(chainOf(job, "parent")).toBe(0);
    job.end();
    expect(lifecycleSnapshot().runs).toBe(0);
  });

  test("a root span's run follows nobody", () => {
    const outer = startRun({ name: "outer" });
    const other = outer.with(() => startRun({ name: "other", spanOptions: { root: true } }));
    const { signal } = other;
    outer.cancel();
    expect(signal.aborted).toBe(false);
    for (const run of [outer, other]) run.end();
    expect(other.close).toEqual({ type: "completed" });
  });
});

describe("rule 10: actions that start one another", () => {
  test("keep no chain of those that are over", async () => {
    const scope = createScope({ kind: "instance" });
    let action = startAction({ kind: "reload", scope });
    for (let count = 0; count < 100; count += 1) {
      const next = action.with(() => startAction({ kind: "reload", scope }));
      action.end();
      await action.settled;
      action = next;
    }
    action.end();
    await action.settled;
    const { ref } = Reflect.get(action, "cell");
    expect(chainOf(ref, "begunIn")).toBe(0);
  });
});
