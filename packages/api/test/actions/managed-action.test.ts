import { setTimeout } from "node:timers/promises";
import { context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import {
  type Action,
  createScope,
  currentAction,
  currentRun,
  lifecycleSnapshot,
  type Scope,
  startAction,
  startRun,
  withAction,
  withRun,
} from "@otel-lifecycle/api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deferred } from "../support/deferred.ts";
import { registerHarvest } from "../support/harvest.ts";
import { verdictOf } from "../support/plain-close.ts";
import { untilAsked } from "../support/unwinding.ts";

const harvest = registerHarvest();
let scope: Scope;
beforeEach(() => {
  scope = createScope({ kind: "instance_store" });
});
afterEach(() => harvest.reset());

const attributesOf = (name: string) => harvest.span(name).attributes;

describe("rule 9: actions nest", () => {
  test("dispose_all that disposes of each instance is one root, and the runs are the root's", async () => {
    const instances = ["one", "two"].map((key) =>
      createScope({ kind: "instance", key, parent: scope }),
    );
    const work = instances.map((instance, index) =>
      untilAsked({ name: `run ${index}`, scope: instance }),
    );
    await withAction({ kind: "dispose_all", scope, trigger: "http" }, async () => {
      const [first, second] = instances;
      if (first) await withAction({ kind: "dispose", scope: first }, () => work[0]?.ended);
      if (second) await withAction({ kind: "reload", scope: second }, () => work[1]?.ended);
    });
    expect(work.map(({ run }) => verdictOf(run))).toEqual([
      "lifecycle_action dispose_all high",
      "lifecycle_action dispose_all high",
    ]);
    expect(harvest.span("dispose instance")).toMatchObject({
      parent: "dispose_all instance_store",
      links: [],
      attributes: {
        "lifecycle.action.parent_id": "dispose_all instance_store",
        "lifecycle.action.root_id": "dispose_all instance_store",
        "lifecycle.action.covered_run_count": 1,
        "lifecycle.action.interrupted_run_count": 0,
        "lifecycle.action.other_run_count": 1,
      },
    });
    expect(harvest.span("dispose_all instance_store").links).toHaveLength(2);
    expect(attributesOf("dispose_all instance_store")).not.toHaveProperty(
      "lifecycle.action.parent_id",
    );
  });

  test("an action two deep names its parent and the root", () => {
    withAction({ kind: "dispose_all", scope }, (outer) =>
      withAction({ kind: "dispose", scope }, (middle) =>
        withAction({ kind: "reload", scope }, (inner) => {
          expect([inner.parentId, inner.rootId]).toEqual([middle.id, outer.id]);
          expect([outer.parentId, outer.rootId]).toEqual([undefined, outer.id]);
        }),
      ),
    );
    expect(attributesOf("reload instance_store")).toMatchObject({
      "lifecycle.action.parent_id": "dispose instance_store",
      "lifecycle.action.root_id": "dispose_all instance_store",
    });
  });

  test("actions that overlap on one scope keep each to itself", () => {
    const first = startAction({ kind: "dispose", scope });
    const second = startAction({ kind: "reload", scope });
    first.end();
    second.end();
    expect(first.rootId).toBe(first.id);
    expect([second.parentId, second.rootId]).toEqual([undefined, second.id]);
    expect(harvest.named("").map((span) => span.parent)).toEqual([undefined, undefined]);
  });

  test("the later of two that overlap may end first", async () => {
    const { run, ended } = untilAsked({ name: "agent run", scope });
    const first = startAction({ kind: "dispose", scope });
    const second = startAction({ kind: "reload", scope });
    second.end();
    await ended;
    first.end();
    await Promise.all([first.settled, second.settled]);
    expect(verdictOf(run)).toBe("lifecycle_action dispose high");
  });
});

describe("rule 9: currentAction() is the innermost until its function settles, then nobody", () => {
  test("the inner one inside, the outer one around it", () => {
    withAction({ kind: "dispose_all", scope }, (outer) => {
      withAction({ kind: "dispose", scope }, (inner) => expect(currentAction()).toBe(inner));
      expect(currentAction()).toBe(outer);
    });
    expect(currentAction()).toBeUndefined();
  });

  test("across an await", async () => {
    await withAction({ kind: "dispose", scope }, async (action) => {
      await setTimeout(1);
      expect(currentAction()).toBe(action);
    });
  });

  test("a timer that the action's code leaves behind sees nobody", async () => {
    const later = deferred<Action | undefined>();
    withAction({ kind: "dispose", scope }, () => {
      void setTimeout(1).then(() => later.resolve(currentAction()));
    });
    expect(await later.promise).toBeUndefined();
  });

  test("nor one of an inner action while the outer one goes on", async () => {
    await withAction({ kind: "dispose_all", scope }, async () => {
      const later = deferred<Action | undefined>();
      withAction({ kind: "dispose", scope }, () => {
        void setTimeout(1).then(() => later.resolve(currentAction()));
      });
      expect(await later.promise).toBeUndefined();
    });
  });

  test("an abort listener sees the action, and a timer that it leaves behind nobody", async () => {
    const later = deferred<Action | undefined>();
    const run = startRun({ name: "agent run", scope });
    let seen: Action | undefined;
    run.signal.addEventListener("abort", () => {
      seen = currentAction();
      void setTimeout(1).then(() => later.resolve(currentAction()));
    });
    const action = startAction({ kind: "dispose", scope });
    action.end();
    run.end();
    await action.settled;
    expect(seen).toBe(action);
    expect(await later.promise).toBeUndefined();
  });

  test("while runs are unsettled, though the function has settled, it is nobody", () => {
    const run = startRun({ name: "agent run", scope });
    const action = startAction({ kind: "dispose", scope });
    action.end();
    expect(action.with(currentAction)).toBeUndefined();
    expect(lifecycleSnapshot().actions).toBe(1);
    run.end();
  });

  test("two requests that dispose at once see each its own", async () => {
    const act = (kind: string) =>
      withAction({ kind, scope }, async (action) => {
        await setTimeout(1);
        return currentAction() === action;
      });
    expect(await Promise.all([act("dispose"), act("reload")])).toEqual([true, true]);
  });

  test("the action of a given context can be asked for", () => {
    const action = startAction({ kind: "dispose", scope });
    expect(currentAction(action.context)).toBe(action);
    expect(currentAction(ROOT_CONTEXT)).toBeUndefined();
    action.end();
    expect(currentAction(action.context)).toBeUndefined();
  });
});

describe("rule 9: `detach` starts what is to outlive the action at the root context", () => {
  test("there is neither a span, nor a run, nor an action", () => {
    withRun({ name: "request" }, () =>
      withAction({ kind: "reload", scope }, (action) =>
        action.detach(() => {
          expect(trace.getActiveSpan()).toBeUndefined();
          expect(currentRun()).toBeUndefined();
          expect(currentAction()).toBeUndefined();
        }),
      ),
    );
  });

  test("its result is the function's, and what it throws comes out", () => {
    const action = startAction({ kind: "reload", scope });
    expect(action.detach(() => 3)).toBe(3);
    expect(() =>
      action.detach(() => {
        throw new RangeError("no");
      }),
    ).toThrow(RangeError);
    action.end();
  });

  test("what is begun there is a trace of its own", () => {
    const action = startAction({ kind: "reload", scope });
    const run = action.detach(() => startRun({ name: "watcher", scope }));
    run.end();
    action.end();
    expect(harvest.span("watcher")).toMatchObject({ parent: undefined, links: [] });
  });
});

describe("rule 10: whatever ends twice, never, or meanwhile is counted and leaks nothing", () => {
  const inFlight = () => {
    const { runs, actions } = lifecycleSnapshot();
    return { runs, actions };
  };
  let before = inFlight();
  beforeEach(() => {
    before = inFlight();
  });

  test("an action that is ended twice ends once", () => {
    const action = startAction({ kind: "dispose", scope });
    action.end();
    action.end();
    action.fail(new Error("late"));
    expect(harvest.named("dispose")).toHaveLength(1);
    expect(attributesOf("dispose instance_store")["lifecycle.action.result"]).toBe("completed");
  });

  test("an action that has ended does not fail after that, though its span is open still", () => {
    const run = startRun({ name: "agent run", scope });
    const action = startAction({ kind: "dispose", scope });
    action.end();
    action.fail(new Error("late"));
    run.end();
    const { status, attributes } = harvest.span("dispose instance_store");
    expect([status, attributes["lifecycle.action.result"]]).toEqual(["UNSET", "completed"]);
    expect(attributes).not.toHaveProperty("error.type");
  });

  test("an action that failed stays failed, though it is ended after that", () => {
    const action = startAction({ kind: "dispose", scope });
    action.fail(new Error("no"));
    action.end();
    expect(attributesOf("dispose instance_store")["lifecycle.action.result"]).toBe("failed");
  });

  test("a run that is ended twice ends once, as it ended first", () => {
    const run = startRun({ name: "agent run", scope });
    run.end();
    run.fail(new Error("late"));
    run.cancel();
    run.complete();
    expect(verdictOf(run)).toBe("completed");
    expect(harvest.named("agent run")).toHaveLength(1);
    expect(inFlight()).toEqual(before);
  });

  test("a scope that is closed while it is closing is closed twice", async () => {
    const { run, ended } = untilAsked({ name: "agent run", scope });
    await withAction({ kind: "dispose", scope }, () =>
      withAction({ kind: "dispose_all", scope }, () => ended),
    );
    expect(verdictOf(run)).toBe("lifecycle_action dispose high");
    expect(attributesOf("dispose_all instance_store")).toMatchObject({
      "lifecycle.action.covered_run_count": 1,
      "lifecycle.action.other_run_count": 1,
    });
    expect(inFlight()).toEqual(before);
  });

  test("a function that throws leaves nothing behind", () => {
    expect(() =>
      withAction({ kind: "dispose", scope }, () => {
        throw new Error("no");
      }),
    ).toThrow("no");
    expect(inFlight()).toEqual(before);
    const run = startRun({ name: "afterwards", scope });
    expect(run.signal.aborted).toBe(false);
    run.end();
  });

  test("a function that never returns holds its scope until the settle timeout, and no longer", async () => {
    const acting = withAction(
      { kind: "dispose", scope, settleTimeoutMs: 5 },
      () => new Promise<never>(() => undefined),
    );
    expect(acting).toBeInstanceOf(Promise);
    await setTimeout(20);
    const run = startRun({ name: "afterwards", scope });
    expect(run.signal.aborted).toBe(false);
    run.end();
    expect(inFlight()).toEqual(before);
  });

  test("a run that never settles leaves its own entry only", async () => {
    const run = startRun({ name: "stuck", scope });
    const action = startAction({ kind: "dispose", scope, settleTimeoutMs: 5 });
    action.end();
    await action.settled;
    expect(inFlight()).toEqual({ ...before, runs: before.runs + 1 });
    run.end();
    expect(inFlight()).toEqual(before);
  });

  test("an action without runs, in a scope of its own, is over when its function is", () => {
    withAction({ kind: "reload", scope, interrupt: "record" }, () => undefined);
    withAction({ kind: "dispose", scope }, () => undefined);
    expect(inFlight()).toEqual(before);
  });

  test("an action that is started at the root context stays with no run", () => {
    const run = startRun({ name: "agent run", scope });
    const action = context.with(ROOT_CONTEXT, () => startAction({ kind: "dispose", scope }));
    action.end();
    run.end();
    expect(inFlight()).toEqual(before);
  });
});
