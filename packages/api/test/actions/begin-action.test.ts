import { context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import {
  createScope,
  currentAction,
  currentRun,
  lifecycleSnapshot,
  type Observed,
  type Scope,
  startAction,
  startRun,
  withAction,
  withRun,
} from "@otel-lifecycle/api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { deferred } from "../support/deferred.ts";
import { registerHarvest } from "../support/harvest.ts";
import { plainClose, verdictOf } from "../support/plain-close.ts";
import { untilAborted, untilAsked } from "../support/unwinding.ts";

const harvest = registerHarvest();
let scope: Scope;
beforeEach(() => {
  scope = createScope({ kind: "instance" });
});
afterEach(() => harvest.reset());

const dispose = <T>(fn: () => T): Observed<T> => withAction({ kind: "dispose", scope }, fn);

describe("rule 5: a run inside which the action was started", () => {
  test("is asked last, once the action's code is done", async () => {
    const { promise, resolve } = deferred();
    const order: string[] = [];
    const other = startRun({ name: "other", scope });
    other.signal.addEventListener("abort", () => order.push("other"));
    await withRun({ name: "request", scope }, async (host) => {
      host.signal.addEventListener("abort", () => order.push("host"));
      const disposing = dispose(async () => {
        order.push("code");
        await promise;
        order.push("done");
      });
      resolve();
      await disposing;
    });
    other.end();
    expect(order).toEqual(["other", "code", "done", "host"]);
  });

  test("is not waited for: the action's span ends before the run does", async () => {
    const { promise, resolve } = deferred();
    const settled = deferred();
    const serving = withRun({ name: "request", scope }, async () => {
      const action = startAction({ kind: "dispose", scope });
      action.end();
      await action.settled;
      settled.resolve();
      await promise;
    });
    await settled.promise;
    expect(harvest.raw().map((span) => span.name)).toEqual(["dispose instance"]);
    resolve();
    await serving;
  });

  test("is not linked, and the action links not to it", async () => {
    const { run, ended } = untilAsked({ name: "agent run", scope });
    const serving = withRun({ name: "request", scope }, async (host) => {
      await dispose(() => ended);
      host.signal.throwIfAborted();
    });
    await expect(serving).rejects.toMatchObject({ name: "AbortError" });
    expect(verdictOf(run)).toBe("lifecycle_action dispose high");
    expect(harvest.span("dispose instance").links).toEqual(["interrupts agent run"]);
    expect(harvest.span("request")).toMatchObject({
      links: [],
      attributes: { "lifecycle.close.class": "lifecycle_action" },
    });
    expect(harvest.named("interrupt ").map((span) => span.name)).toEqual(["interrupt agent run"]);
  });

  test("is not linked though the action has a trace of its own", async () => {
    const serving = withRun({ name: "request", scope }, async (host) => {
      withAction({ kind: "dispose", scope, spanOptions: { root: true } }, () => undefined);
      host.signal.throwIfAborted();
    });
    await expect(serving).rejects.toMatchObject({ name: "AbortError" });
    expect(harvest.span("dispose instance").links).toEqual([]);
    expect(harvest.span("request").links).toEqual([]);
  });

  test("is not linked though its scope is another one and the action's code aborts it", async () => {
    const client = new AbortController();
    const server = createScope({ kind: "server" });
    const serving = withRun({ name: "request", scope: server, signal: client.signal }, (host) => {
      const unwinding = untilAborted(host.signal);
      dispose(() => client.abort());
      return unwinding;
    });
    await expect(serving).rejects.toMatchObject({ name: "AbortError" });
    expect(harvest.span("dispose instance").links).toEqual([]);
    expect(harvest.span("request").links).toEqual([]);
  });

  test("answers, and has completed: the request that asked for the disposal is not blamed", async () => {
    const answer = await withRun({ name: "request", scope }, async (host) => {
      void host.signal;
      await dispose(async () => undefined);
      return "disposed";
    });
    expect(answer).toBe("disposed");
    expect(harvest.span("request")).toMatchObject({
      status: "UNSET",
      attributes: { "lifecycle.scope.kind": "instance", "lifecycle.run.result": "completed" },
    });
  });

  test("is another action's if that one asked it, though it was started later", () => {
    const request = startRun({ name: "request", scope });
    void request.signal;
    const own = request.with(() => startAction({ kind: "dispose", scope }));
    const other = startAction({ kind: "shutdown", scope });
    expect(request.signal.aborted).toBe(true);
    request.end();
    for (const action of [own, other]) action.end();
    expect(verdictOf(request)).toBe("lifecycle_action shutdown low");
  });

  test("fails by itself where the disposal failed, though other runs are in flight still", async () => {
    const other = startRun({ name: "other", scope });
    const request = startRun({ name: "request", scope });
    const error = Object.assign(new Error("still mounted"), { code: "EBUSY" });
    const disposing = request.with(() =>
      dispose(async () => {
        throw error;
      }),
    );
    await expect(disposing).rejects.toBe(error);
    request.fail(error);
    other.end();
    expect(plainClose(request)).toEqual({
      type: "error",
      confidence: "high",
      via: "error",
      errorType: "EBUSY",
    });
  });

  test("is the one that its adopted span names, where that span alone is active", () => {
    const span = trace.getTracer("host").startSpan("request");
    const request = startRun({ span, scope });
    const { signal } = request;
    const other = startRun({ name: "other", scope });
    const action = context.with(trace.setSpan(ROOT_CONTEXT, span), () =>
      startAction({ kind: "dispose", scope }),
    );
    expect([signal.aborted, other.signal.aborted]).toEqual([false, true]);
    action.end();
    expect(signal.aborted).toBe(true);
    other.end();
    request.fail(signal.reason);
    span.end();
    expect(harvest.span("dispose instance")).toMatchObject({
      parent: "request",
      links: ["interrupts other"],
      attributes: { "lifecycle.action.covered_run_count": 1 },
    });
    expect(harvest.span("request").links).toEqual([]);
  });

  test("and the runs around that one are spared alike", async () => {
    await withRun({ name: "server", scope }, async (server) => {
      await withRun({ name: "request", scope }, async (host) => {
        await dispose(async () => {
          expect([server.signal.aborted, host.signal.aborted]).toEqual([false, false]);
        });
      });
      expect(server.signal.aborted).toBe(true);
    });
    expect(harvest.span("server").attributes["lifecycle.run.result"]).toBe("completed");
  });

  test("but not a run beside it in the same outer run", async () => {
    await withRun({ name: "server", scope }, async () => {
      const { run, ended } = untilAsked({ name: "stream" });
      await withRun({ name: "request" }, () => dispose(() => ended));
      expect(verdictOf(run)).toBe("lifecycle_action dispose high");
    });
  });
});

describe("rule 38: an action begins whatever its options are", () => {
  test("an action on what is no scope covers nothing, least of all the process", () => {
    const run = startRun({ name: "agent run", scope });
    const before = lifecycleSnapshot().bounded["action scope"] ?? 0;
    // @ts-expect-error: as from JavaScript.
    withAction({ kind: "dispose", scope: "instance" }, () => {
      expect(run.signal.aborted).toBe(false);
    });
    run.fail(new Error("torn"));
    expect(verdictOf(run)).toBe("error high");
    expect(lifecycleSnapshot().bounded["action scope"]).toBe(before + 1);
    expect(harvest.span("dispose unknown").attributes).toMatchObject({
      "lifecycle.scope.kind": "unknown",
      "lifecycle.action.covered_run_count": 0,
    });
  });

  const throwing = (name: string) =>
    Object.defineProperty({ kind: "dispose", scope: createScope({ kind: "instance" }) }, name, {
      enumerable: true,
      get: () => {
        throw new Error("hands off");
      },
    });
  const everything: object = new Proxy(() => undefined, {
    get: (_target, name) => (name === Symbol.toPrimitive ? () => "proxy" : everything),
    has: () => true,
  });
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();

  test.each<[string, unknown]>([
    ["undefined", undefined],
    ["null", null],
    ["a number", 3],
    ["a text", "dispose"],
    ["a getter of the kind that throws", throwing("kind")],
    ["a getter of the scope that throws", throwing("scope")],
    ["a getter of the trigger that throws", throwing("trigger")],
    ["a proxy that has everything", everything],
    ["a revoked proxy", revoked],
    ["a kind that is a symbol", { kind: Symbol("dispose"), scope: {} }],
    [
      "a scope that claims to be one",
      { kind: "dispose", scope: new Proxy({}, { has: () => true }) },
    ],
    ["a scope whose traps throw", { kind: "dispose", scope: revoked }],
    [
      "a getter of the span's attributes that throws",
      {
        kind: "dispose",
        scope: createScope({ kind: "instance" }),
        spanOptions: throwing("attributes"),
      },
    ],
    [
      "a revoked proxy as span options",
      {
        kind: "dispose",
        scope: createScope({ kind: "instance" }),
        spanOptions: revoked,
      },
    ],
    [
      "links that are none",
      {
        kind: "dispose",
        scope: createScope({ kind: "instance" }),
        spanOptions: { links: 3 },
      },
    ],
  ])("%s as options throws nothing, and the function is called", (_title, options) => {
    const before = lifecycleSnapshot().actions;
    // @ts-expect-error: as from JavaScript.
    expect(withAction(options, () => "disposed")).toBe("disposed");
    expect(lifecycleSnapshot().actions).toBe(before);
  });

  test("an unknown option is counted", () => {
    const before = lifecycleSnapshot().bounded["action option"] ?? 0;
    // @ts-expect-error: as from JavaScript.
    withAction({ kind: "dispose", scope, origin: "POST /dispose" }, () => undefined);
    expect(lifecycleSnapshot().bounded["action option"]).toBe(before + 1);
  });

  test("what is no interrupt mode only records, because that does less", () => {
    const before = lifecycleSnapshot().bounded["action interrupt"] ?? 0;
    const run = startRun({ name: "agent run", scope });
    // @ts-expect-error: as from JavaScript.
    withAction({ kind: "dispose", scope, interrupt: "kill" }, () => {
      expect(run.signal.aborted).toBe(false);
    });
    run.end();
    expect(lifecycleSnapshot().bounded["action interrupt"]).toBe(before + 1);
  });
});

test("an action's code sees both the action and the run in which it was started", () => {
  withRun({ name: "request" }, (host) =>
    withAction({ kind: "dispose", scope }, (action) => {
      expect(currentAction()).toBe(action);
      expect(currentRun()).toBe(host);
    }),
  );
  expect(harvest.span("dispose instance").parent).toBe("request");
});
