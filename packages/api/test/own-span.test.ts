import type { Span } from "@opentelemetry/api";
import type { SpanProcessor } from "@opentelemetry/sdk-trace-node";
import {
  type Action,
  createScope,
  lifecycleSnapshot,
  startAction,
  startRun,
  withAction,
  withRun,
} from "@otel-lifecycle/api";
import { afterEach, describe, expect, test } from "vitest";
import { registerHarvest } from "./support/harvest.ts";
import { verdictOf } from "./support/plain-close.ts";

// A processor of somebody else's that throws, as the SDK lets it: out of startSpan() and end().
let throwsIn: "onStart" | "onEnding" | undefined;
const hostile: SpanProcessor = {
  onStart: () => throwing("onStart"),
  onEnding: (_span: Span) => throwing("onEnding"),
  onEnd: ({ name }) => atEnd?.(name),
  forceFlush: async () => undefined,
  shutdown: async () => undefined,
};
const throwing = (hook: typeof throwsIn) => {
  if (hook === throwsIn) throw new Error(`${hook} of somebody else's`);
};

/** What somebody else's processor does when it hears of a finished span. */
let atEnd: ((name: string) => void) | undefined;

const harvest = registerHarvest(hostile);
afterEach(() => {
  throwsIn = undefined;
  atEnd = undefined;
  harvest.reset();
});

describe("rule 10: a span processor that throws costs spans, never runs or counts", () => {
  test.each(["onStart", "onEnding"] as const)("in %s", async (hook) => {
    const { runs, actions } = lifecycleSnapshot();
    const scope = createScope({ kind: "instance" });
    throwsIn = hook;
    const run = startRun({ name: "agent run", scope });
    void run.signal;
    const result = await withAction({ kind: "dispose", scope }, async (action) => {
      run.fail(run.signal.reason);
      expect(withRun({ name: "inner" }, () => 3)).toBe(3);
      return action;
    });
    await result.settled;
    expect(verdictOf(run)).toBe("lifecycle_action dispose high");
    expect(lifecycleSnapshot()).toMatchObject({ runs, actions });
  });

  test("the action's counts add up, though its run's span was lost", () => {
    const scope = createScope({ kind: "instance" });
    const run = startRun({ name: "agent run", scope });
    const action = startAction({ kind: "dispose", scope, settleTimeoutMs: 60_000 });
    throwsIn = "onEnding";
    run.fail(run.signal.reason);
    throwsIn = undefined;
    action.end();
    expect(harvest.span("dispose instance").attributes).toMatchObject({
      "lifecycle.action.result": "completed",
      "lifecycle.action.covered_run_count": 1,
      "lifecycle.action.interrupted_run_count": 1,
      "lifecycle.action.unsettled_run_count": 0,
    });
  });
});

describe("rule 10: a span processor may start an action itself", () => {
  test("one that a run's finished span sets off does not count that run", () => {
    const scope = createScope({ kind: "instance" });
    const [failing, other] = ["failing", "other"].map((name) => startRun({ name, scope }));
    let reload: Action | undefined;
    atEnd = (name) => {
      if (name === "failing") reload = startAction({ kind: "reload", scope });
    };
    failing?.fail(new TypeError("no"));
    reload?.end();
    expect(lifecycleSnapshot().actions).toBe(1);
    other?.fail(other.signal.reason);
    expect(harvest.span("reload instance").attributes).toMatchObject({
      "lifecycle.action.covered_run_count": 1,
      "lifecycle.action.interrupted_run_count": 1,
      "lifecycle.action.failed_run_count": 0,
      "lifecycle.action.unsettled_run_count": 0,
    });
  });
});
