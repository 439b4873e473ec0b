import { createScope, startRun, withAction } from "@otel-lifecycle/api";
import { afterEach, describe, expect, test } from "vitest";
import { registerHarvest } from "../support/harvest.ts";
import { verdictOf } from "../support/plain-close.ts";

const harvest = registerHarvest();
afterEach(() => harvest.reset());

describe("rules 5 and 12: a run that was begun in the code of the action which closed it", () => {
  test.each<[string, boolean, readonly string[]]>([
    ["in the action's trace is not linked to it, its ancestor", false, []],
    ["in a trace of its own is linked to it", true, ["closed_by dispose instance"]],
  ])("%s", (_where, root, links) => {
    const scope = createScope({ kind: "instance" });
    const owner = startRun({ name: "owner", scope });
    const { signal } = owner;
    const run = withAction({ kind: "dispose", scope }, () => {
      const begun = startRun({ name: "clean-up", spanOptions: { root } });
      begun.fail(signal.reason);
      return begun;
    });
    owner.end();
    expect(verdictOf(run)).toBe("lifecycle_action dispose medium");
    const parent = root ? undefined : "dispose instance";
    expect(harvest.span("clean-up")).toMatchObject({ parent, links });
  });
});
