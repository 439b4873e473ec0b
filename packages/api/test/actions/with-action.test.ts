import { trace } from "@opentelemetry/api";
import { createScope, currentAction, type Scope, startRun, withAction } from "@otel-lifecycle/api";
import { afterEach, describe, expect, test } from "vitest";
import { fork } from "../support/fork.ts";
import { registerHarvest } from "../support/harvest.ts";
import { verdictOf } from "../support/plain-close.ts";

const harvest = registerHarvest();
afterEach(() => harvest.reset());

const instance = () => createScope({ kind: "instance" });

describe("rule 1: result, error and timing of an action are its function's own", () => {
  test("a synchronous result is given back as it is", () => {
    const result = { disposed: 3 };
    expect(withAction({ kind: "dispose", scope: instance() }, () => result)).toBe(result);
  });

  test("a promise resolves with the function's own value", async () => {
    const result = { disposed: 3 };
    await expect(
      withAction({ kind: "dispose", scope: instance() }, async () => result),
    ).resolves.toBe(result);
  });

  test("what the function throws comes out as it is, at once", () => {
    const error = new Error("port in use");
    const act = () =>
      withAction({ kind: "dispose", scope: instance() }, () => {
        throw error;
      });
    expect(act).toThrow(error);
    expect(harvest.span("dispose instance")).toMatchObject({
      status: "ERROR",
      attributes: { "lifecycle.action.result": "failed", "error.type": "Error" },
    });
  });

  test("a rejection comes out as it is", async () => {
    const error = Object.assign(new Error("port in use"), { code: "EADDRINUSE" });
    const acting = withAction({ kind: "dispose", scope: instance() }, async () => {
      throw error;
    });
    await expect(acting).rejects.toBe(error);
    expect(harvest.span("dispose instance")).toMatchObject({
      status: "ERROR",
      attributes: { "lifecycle.action.result": "failed", "error.type": "EADDRINUSE" },
    });
  });

  test("a rejection that nobody handles is still an unhandledRejection, once", () => {
    expect(fork("unhandled-rejection")).toEqual({
      status: 0,
      stderr: "",
      output: { action: ["nobody handles it"], run: ["nobody handles it"] },
    });
  });

  test("nothing is awaited on the caller's behalf: the result is there while runs are in flight", () => {
    const scope = instance();
    const run = startRun({ name: "agent run", scope });
    expect(withAction({ kind: "dispose", scope }, () => "disposed")).toBe("disposed");
    expect(run.close).toBeUndefined();
    run.end();
  });
});

describe("rule 1: an action starts its span under the active one and runs its function in it", () => {
  test("the action's span is a child of the active span, and active in the function", () => {
    const tracer = trace.getTracer("app");
    tracer.startActiveSpan("POST /global/dispose", (request) => {
      withAction({ kind: "dispose", scope: instance() }, (action) => {
        expect(trace.getActiveSpan()).toBe(action.span);
        expect(currentAction()).toBe(action);
      });
      request.end();
    });
    expect(harvest.span("dispose instance")).toMatchObject({ parent: "POST /global/dispose" });
  });

  test("without an active span the action's span is a root", () => {
    withAction({ kind: "dispose", scope: instance() }, () => undefined);
    expect(harvest.span("dispose instance")).toEqual({
      name: "dispose instance",
      parent: undefined,
      status: "UNSET",
      attributes: {
        "lifecycle.scope.kind": "instance",
        "lifecycle.action.id": "dispose instance",
        "lifecycle.action.kind": "dispose",
        "lifecycle.action.trigger": "unknown",
        "lifecycle.action.result": "completed",
        "lifecycle.action.covered_run_count": 0,
        "lifecycle.action.interrupted_run_count": 0,
        "lifecycle.action.completed_run_count": 0,
        "lifecycle.action.failed_run_count": 0,
        "lifecycle.action.other_run_count": 0,
        "lifecycle.action.unsettled_run_count": 0,
      },
      links: [],
    });
  });
});

describe("rule 1: the first slice of runs is asked before the function is entered", () => {
  test("a run is asked before the action's code begins", () => {
    const scope = instance();
    const run = startRun({ name: "agent run", scope });
    const { signal } = run;
    withAction({ kind: "dispose", scope }, () => expect(signal.aborted).toBe(true));
    run.end();
    expect(verdictOf(run)).toBe("lifecycle_action dispose low");
  });

  test("of very many runs the rest is asked in later turns, and `asked` resolves after the last", async () => {
    const scope = instance();
    const runs = startMany(5_000, () => startRun({ name: "agent run", scope }));
    let askedBefore = 0;
    await withAction({ kind: "dispose", scope }, async (action) => {
      askedBefore = countAsked(runs);
      await action.asked;
      expect(countAsked(runs)).toBe(runs.length);
    });
    expect(askedBefore).toBeGreaterThan(0);
    expect(askedBefore).toBeLessThan(runs.length);
    for (const run of runs) run.end();
  });

  test.each([
    ["of its scope", (scope: Scope) => scope],
    ["of another scope", () => instance()],
  ])("runs %s inside one run are asked in slices too", async (_which, scopeOf) => {
    const scope = instance();
    const outer = startRun({ name: "outer", scope });
    const inner = scopeOf(scope);
    const runs = startMany(5_000, () =>
      outer.with(() => startRun({ name: "inner", scope: inner })),
    );
    let askedBefore = 0;
    await withAction({ kind: "dispose", scope }, async (action) => {
      askedBefore = countAsked(runs);
      await action.asked;
      expect(countAsked(runs)).toBe(runs.length);
    });
    for (const run of [...runs, outer]) run.end();
    expect(askedBefore).toBeLessThan(runs.length);
  });

  test("`asked` resolves after the last run is asked, though the settle timeout passes before", async () => {
    const scope = instance();
    const runs = startMany(5_000, () => startRun({ name: "agent run", scope }));
    await withAction({ kind: "dispose", scope, settleTimeoutMs: 1 }, async (action) => {
      await action.asked;
      expect(countAsked(runs)).toBe(runs.length);
    });
    for (const run of runs) run.end();
  });

  test("`asked` resolves for an action that asks nobody", async () => {
    await withAction(
      { kind: "reload", scope: instance(), interrupt: "record" },
      ({ asked }) => asked,
    );
  });
});

type Runs = readonly ReturnType<typeof startRun>[];

// The signal is read, because a run that does not look at it is asked at almost no cost.
function startMany(count: number, start: () => Runs[number]): Runs {
  const runs = Array.from({ length: count }, start);
  for (const run of runs) void run.signal;
  return runs;
}

function countAsked(runs: Runs): number {
  return runs.filter((run) => run.signal.aborted).length;
}
