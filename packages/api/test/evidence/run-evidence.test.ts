import { type EvidenceFacts, lifecycleSnapshot, startRun, withRun } from "@otel-lifecycle/api";
import { type EvidenceRecorder, type ManagedRun, registry } from "@otel-lifecycle/api/internal";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { boundedBy } from "../support/bounded.ts";
import { registerHarvest } from "../support/harvest.ts";

const harvest = registerHarvest();
let before = 0;
beforeEach(() => {
  before = lifecycleSnapshot().runs;
});
afterEach(() => {
  registry.recorder = undefined;
  harvest.reset();
});

/** A recorder that takes all down, in the order in which it was told. */
const keeping = () => {
  const told: unknown[] = [];
  const recorder: EvidenceRecorder = {
    noted: (run, type, facts) => told.push(["noted", run.name, type, facts]),
    initiated: (run, cause) => told.push(["initiated", run.name, cause.type, cause.seq]),
    ended: (run, end) => {
      told.push(["ended", run.name, run.close?.type, end]);
      return run.close?.type === "completed" ? undefined : { "lifecycle.incident.cause": "x" };
    },
  };
  return { told, recorder };
};

const throwing = (): never => {
  throw new Error("hostile");
};
const HOSTILE: readonly (readonly [string, unknown])[] = [
  ["nothing", undefined],
  ["null", null],
  ["a string", "facts"],
  ["facts that throw when they are looked at", new Proxy({}, { get: throwing, ownKeys: throwing })],
];

describe("rule 28: without a recorder evidence is nothing", () => {
  test.each(HOSTILE)(
    "given %s, it gives nothing, throws nothing and counts nothing",
    (_, facts) => {
      const bounded = boundedBy(() => {
        const run = startRun({ name: "agent run" });
        expect(run.evidence("provider_progress", facts as EvidenceFacts)).toBeUndefined();
        expect((run as ManagedRun).notes).toBeUndefined();
        run.fail(new Error("broke"));
      });
      expect(bounded).toEqual({});
      expect(Object.keys(harvest.span("agent run").attributes)).not.toContain(
        "lifecycle.incident.cause",
      );
    },
  );
});

describe("rule 28: with one, evidence goes to it as it was given", () => {
  test.each(["end", "fail"] as const)("of what it keeps nothing is left after %s", (ending) => {
    registry.recorder = {
      ...keeping().recorder,
      noted: (run) => {
        run.notes = {};
      },
    };
    const run = startRun({ name: "agent run" });
    run.evidence("provider_progress");
    expect((run as ManagedRun).notes).toEqual({});
    run[ending](new Error("broke"));
    expect((run as ManagedRun).notes).toBeUndefined();
  });

  test("in order, with the causes and the end of the run", () => {
    const { told, recorder } = keeping();
    registry.recorder = recorder;
    const facts: EvidenceFacts = { tool: "read_file", effect: "read_only" };
    const error = new Error("broke");
    const run = startRun({ name: "agent run" });
    run.evidence("tool_execution_started", facts);
    run.cancel();
    const seq = registry.sequence;
    run.evidence("of_my_own");
    run.fail(error);
    expect(told).toEqual([
      ["noted", "agent run", "tool_execution_started", facts],
      ["initiated", "agent run", "user_cancel", seq],
      ["noted", "agent run", "of_my_own", undefined],
      ["ended", "agent run", "user_cancel", { thrown: { type: "threw", error }, covers: [] }],
    ]);
  });

  test("after the run has ended it is nothing", () => {
    const { told, recorder } = keeping();
    registry.recorder = recorder;
    const run = startRun({ name: "agent run" });
    run.end();
    run.evidence("too_late");
    run.cancel();
    expect(told.map((entry) => (entry as unknown[])[0])).toEqual(["ended"]);
  });

  test("what the recorder gives of the end is stamped with the verdict, unless the run completed", () => {
    registry.recorder = keeping().recorder;
    startRun({ name: "failed run" }).fail(new Error("broke"));
    startRun({ name: "completed run" }).end();
    expect(harvest.span("failed run").attributes).toEqual({
      "lifecycle.scope.kind": "process",
      "lifecycle.run.result": "failed",
      "lifecycle.close.class": "error",
      "lifecycle.close.confidence": "high",
      "lifecycle.close.via": "error",
      "error.type": "Error",
      "lifecycle.incident.cause": "x",
    });
    expect(harvest.span("completed run").attributes).toEqual({
      "lifecycle.scope.kind": "process",
      "lifecycle.run.result": "completed",
    });
  });
});

describe("rule 28: a recorder that throws breaks and leaks nothing", () => {
  test.each(["noted", "initiated", "ended"] as const)("in %s", (hook) => {
    registry.recorder = { ...keeping().recorder, [hook]: throwing };
    const error = new Error("broke");
    const bounded = boundedBy(() => {
      expect(() =>
        withRun({ name: "agent run" }, (run) => {
          run.evidence("provider_progress");
          run.cancel();
          throw error;
        }),
      ).toThrow(error);
    });
    expect(bounded).toEqual({ evidence: 1 });
    expect(harvest.span("agent run").attributes).toMatchObject({
      "lifecycle.close.class": "user_cancel",
    });
    expect(lifecycleSnapshot().runs).toBe(before);
  });
});
