import { context, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import {
  type ActionOptions,
  createScope,
  extract,
  type Scope,
  startAction,
  startRun,
  withAction,
  withRun,
} from "@otel-lifecycle/api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { boundedBy } from "../support/bounded.ts";
import { registerHarvest } from "../support/harvest.ts";
import { plainClose, verdictOf } from "../support/plain-close.ts";
import {
  CARRIER,
  cause,
  placeOf,
  REMOTE,
  SPAN,
  TRACE,
  TRACEPARENT,
} from "../support/remote-carrier.ts";
import { untilAsked } from "../support/unwinding.ts";

const harvest = registerHarvest();
let scope: Scope;
beforeEach(() => {
  scope = createScope({ kind: "instance" });
});
afterEach(() => harvest.reset());

const disposeWith = (options: Partial<ActionOptions> = {}) =>
  withAction({ kind: "dispose", scope, ...options }, (action) => action);

describe("what comes in becomes the parent and root of a local action, and its span's parent", () => {
  test.each<[string, () => void]>([
    ["in the context that extract gives", () => context.with(extract(CARRIER), disposeWith)],
    ["by the action's option", () => disposeWith({ carrier: CARRIER })],
    [
      "by the action's option, outside any function",
      () => startAction({ kind: "dispose", scope, carrier: CARRIER }).end(),
    ],
  ])("%s", (_how, act) => {
    expect(boundedBy(act)).toEqual({});
    expect(placeOf(harvest)).toEqual(REMOTE);
    expect(harvest.rawSpan("dispose instance").parentSpanContext?.isRemote).toBe(true);
  });

  test("the action itself says so, too", () => {
    const { parentId, rootId } = disposeWith({ carrier: CARRIER });
    expect([parentId, rootId]).toEqual(["remote-1", "remote_0"]);
  });

  test("its trigger is its own if it gives one", () => {
    disposeWith({ carrier: CARRIER, trigger: "supervisor" });
    expect(placeOf(harvest)).toEqual({ ...REMOTE, trigger: "supervisor" });
  });

  test("an action in the code of that one is the local one's, below the remote root", () => {
    const outer = withAction({ kind: "dispose_all", scope, carrier: CARRIER }, (action) => {
      disposeWith();
      return action;
    });
    expect(placeOf(harvest, "dispose_all instance")).toEqual(REMOTE);
    expect(placeOf(harvest)).toEqual({
      ...REMOTE,
      parent: outer.id,
      span: outer.span.spanContext().spanId,
    });
  });

  test("once that one's code is done nobody's, as where it is nested in a local one", () => {
    const outer = withAction({ kind: "dispose_all", scope, carrier: CARRIER }, (action) => action);
    outer.with(disposeWith);
    expect(placeOf(harvest)).toMatchObject({
      parent: undefined,
      root: undefined,
      trigger: "unknown",
    });
  });

  test("two that are started in one extracted context are both the remote one's", () => {
    context.with(extract(CARRIER), () => {
      disposeWith();
      disposeWith({ kind: "reload" });
    });
    expect([placeOf(harvest), placeOf(harvest, "reload instance")]).toEqual([REMOTE, REMOTE]);
  });

  test("a carrier that came in inside another action is the nearer one", () => {
    withAction({ kind: "dispose_all", scope }, () => disposeWith({ carrier: CARRIER }));
    expect(placeOf(harvest)).toEqual(REMOTE);
  });

  test("detached from the local one an action is nobody's", () => {
    withAction({ kind: "dispose_all", scope, carrier: CARRIER }, (action) =>
      action.detach(disposeWith),
    );
    expect(placeOf(harvest)).toMatchObject({ parent: undefined, root: undefined, span: undefined });
  });

  test("of a trace alone comes the span's parent, of a cause alone the action's", () => {
    disposeWith({ carrier: { traceparent: TRACEPARENT } });
    disposeWith({ kind: "reload", carrier: { "lifecycle.cause": cause() } });
    expect(placeOf(harvest)).toEqual({ trigger: "unknown", trace: TRACE, span: SPAN });
    expect(placeOf(harvest, "reload instance")).toMatchObject({
      parent: "remote-1",
      span: undefined,
    });
  });

  test("with a cause alone the active span stays: the one of an HTTP instrumentation", () => {
    trace.getTracer("http").startActiveSpan("POST /dispose", (span) => {
      disposeWith({ carrier: { "lifecycle.cause": cause() } });
      span.end();
    });
    expect(harvest.span("dispose instance").parent).toBe("POST /dispose");
  });

  test("and nothing came in without a carrier, or with an empty one", () => {
    const around = trace.setSpan(ROOT_CONTEXT, trace.getTracer("app").startSpan("around"));
    for (const nothing of [undefined, {}, new Map(), new Headers()]) {
      expect(boundedBy(() => expect(extract(nothing, around)).toBe(around))).toEqual({});
    }
  });
});

test("an action whose remote span is not sampled is not recorded, and closes its runs all the same", async () => {
  const { run, ended } = untilAsked({ name: "agent run", scope });
  disposeWith({ carrier: { traceparent: TRACEPARENT.replace(/1$/, "0") } });
  await ended;
  expect(verdictOf(run)).toBe("lifecycle_action dispose high");
  expect(harvest.named("dispose")).toEqual([]);
});

describe("a request that is a run, and has its disposal asked for by a carrier", () => {
  test.each<[string, () => void]>([
    [
      "of our own",
      () => withRun({ name: "request", scope }, () => disposeWith({ carrier: CARRIER })),
    ],
    [
      "of an adopted span, which alone is active",
      () => {
        const span = trace.getTracer("http").startSpan("request");
        const run = startRun({ span, scope });
        context.with(trace.setSpan(ROOT_CONTEXT, span), () => disposeWith({ carrier: CARRIER }));
        run.end();
        span.end();
      },
    ],
  ])("%s is not waited for, and has completed (rule 5)", (_what, serve) => {
    serve();
    expect(harvest.span("request").attributes["lifecycle.run.result"]).toBe("completed");
    expect(placeOf(harvest)).toEqual(REMOTE);
    expect(harvest.span("dispose instance").attributes["lifecycle.action.covered_run_count"]).toBe(
      0,
    );
  });
});

describe("what comes in is no verdict", () => {
  const inExtracted = <T>(fn: () => T): T => context.with(extract(CARRIER), fn);

  test("a run that is begun and ends there has completed, below the remote span", () => {
    inExtracted(() => withRun({ name: "agent run", scope }, (run) => run.signal.aborted));
    expect(harvest.span("agent run")).toEqual({
      name: "agent run",
      parent: SPAN,
      status: "UNSET",
      attributes: { "lifecycle.scope.kind": "instance", "lifecycle.run.result": "completed" },
      links: [],
    });
  });

  test.each<[string, () => unknown, string]>([
    ["fails there", () => new TypeError("no"), "error high"],
    [
      "is aborted there, by nobody known",
      () => new DOMException("", "AbortError"),
      "unknown_scope_close low",
    ],
    ["runs out of time there", () => new DOMException("", "TimeoutError"), "timeout high"],
  ])("a run that %s gets the verdict that it would get anywhere", (_what, error, verdict) => {
    const run = startRun({ name: "agent run", scope });
    const beside = inExtracted(() => startRun({ name: "agent run", scope }));
    run.fail(error());
    inExtracted(() => beside.fail(error()));
    expect(plainClose(beside)).toEqual(plainClose(run));
    expect(verdictOf(run)).toBe(verdict);
  });

  test("a signal that fires there says what it says anywhere", () => {
    const controller = new AbortController();
    const run = startRun({ name: "agent run", scope, signal: controller.signal });
    inExtracted(() => controller.abort());
    inExtracted(() => run.fail(run.signal.reason));
    expect(verdictOf(run)).toBe("unknown_scope_close low");
  });

  test("a signal that fires there in the code of a local action is the local one's", () => {
    const controller = new AbortController();
    const other = createScope({ kind: "server" });
    const run = startRun({ name: "agent run", scope: other, signal: controller.signal });
    withAction({ kind: "dispose", scope }, () => inExtracted(() => controller.abort()));
    run.fail(run.signal.reason);
    expect(verdictOf(run)).toBe("lifecycle_action dispose medium");
  });

  test("a run that was begun there is covered by the local action in its name", async () => {
    const { run, ended } = inExtracted(() => untilAsked({ name: "agent run", scope }));
    const action = disposeWith({ carrier: CARRIER });
    await ended;
    expect(run.close).toMatchObject({ type: "lifecycle_action", confidence: "high" });
    expect(harvest.span("agent run").attributes["lifecycle.close.action.id"]).toBe(
      "dispose instance",
    );
    expect(action.parentId).toBe("remote-1");
  });
});
