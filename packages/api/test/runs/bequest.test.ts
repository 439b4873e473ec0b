import { type Span, trace } from "@opentelemetry/api";
import {
  createScope,
  type Run,
  type RunOptions,
  type Scope,
  startAction,
  startRun,
  withAction,
} from "@otel-lifecycle/api";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { registerHarvest } from "../support/harvest.ts";
import { holdEventLoop } from "../support/hold-event-loop.ts";
import { verdictOf } from "../support/plain-close.ts";

const harvest = registerHarvest();
let scope: Scope;
beforeEach(() => {
  scope = createScope({ kind: "instance" });
});
afterEach(() => {
  vi.useRealTimers();
  harvest.reset();
});

const start = (options: Partial<RunOptions> = {}): Run => {
  const run = startRun({ name: "agent run", scope, ...options });
  void run.signal;
  return run;
};
const spanBelow = (run: Run, name = "chat model"): Span =>
  run.with(() => trace.getTracer("gen_ai").startSpan(name));
const unwind = (run: Run) => run.fail(run.signal.reason ?? new Error("torn"));
const attributesOf = (name = "chat model") => harvest.span(name).attributes;

const byDispose = {
  "lifecycle.close.inherited_class": "lifecycle_action",
  "lifecycle.close.action.id": "dispose instance",
  "lifecycle.close.action.kind": "dispose",
  "lifecycle.close.action.trigger": "unknown",
};

describe("rule 15: a span below a run, begun before the cause and ended after it, inherits the class", () => {
  test("if it ends before the run", () => {
    const run = start();
    const span = spanBelow(run);
    const action = startAction({ kind: "dispose", scope });
    span.end();
    unwind(run);
    action.end();
    expect(attributesOf()).toEqual(byDispose);
  });

  test("if it ends after the run", () => {
    const run = start();
    const span = spanBelow(run);
    const action = startAction({ kind: "dispose", scope });
    unwind(run);
    action.end();
    span.end();
    expect(attributesOf()).toEqual(byDispose);
  });

  test("it carries no result, no class and no link of its own, so each run counts once", () => {
    const run = start();
    const span = spanBelow(run);
    run.cancel();
    span.end();
    unwind(run);
    expect(harvest.span("chat model")).toEqual({
      name: "chat model",
      parent: "agent run",
      status: "UNSET",
      attributes: { "lifecycle.close.inherited_class": "user_cancel" },
      links: [],
    });
  });

  test("if the run completes: because nobody read its signal", () => {
    const run = startRun({ name: "agent run", scope });
    const [before, after] = [spanBelow(run, "before"), spanBelow(run, "after")];
    const action = startAction({ kind: "dispose", scope });
    before.end();
    run.end();
    after.end();
    action.end();
    expect(verdictOf(run)).toBe("completed");
    expect([attributesOf("before"), attributesOf("after")]).toEqual([byDispose, byDispose]);
  });

  test("if the run completes: because it said so", () => {
    const run = start();
    const [before, after] = [spanBelow(run, "before"), spanBelow(run, "after")];
    const action = startAction({ kind: "dispose", scope });
    run.complete();
    before.end();
    run.end();
    after.end();
    action.end();
    expect(verdictOf(run)).toBe("completed");
    expect([attributesOf("before"), attributesOf("after")]).toEqual([byDispose, byDispose]);
  });

  test.each<[string, Partial<RunOptions>, (run: Run) => void, string]>([
    ["a cancel", {}, (run) => run.cancel(), "user_cancel"],
    ["a deadline", { timeoutMs: 10 }, () => vi.advanceTimersByTime(10), "timeout"],
    ["nobody known", { signal: AbortSignal.abort() }, () => undefined, "unknown_scope_close"],
  ])("of %s", (_by, options, stop, inherited) => {
    vi.useFakeTimers();
    const controller = new AbortController();
    const run = start(options.signal ? { signal: controller.signal } : options);
    const span = spanBelow(run);
    stop(run);
    controller.abort();
    span.end();
    unwind(run);
    expect(attributesOf()).toEqual({ "lifecycle.close.inherited_class": inherited });
  });

  test("of the run's own failure, if it was in flight then", () => {
    const run = start();
    const span = spanBelow(run);
    run.fail(Object.assign(new Error("no"), { code: "ECONNRESET" }));
    span.end();
    expect(attributesOf()).toEqual({ "lifecycle.close.inherited_class": "upstream_disconnect" });
  });

  test("of a deadline that was due while the event loop was held", () => {
    const run = start({ timeoutMs: 5 });
    const span = spanBelow(run);
    holdEventLoop(10);
    span.end();
    unwind(run);
    expect(verdictOf(run)).toMatch(/^timeout/);
    expect(attributesOf()).toEqual({ "lifecycle.close.inherited_class": "timeout" });
  });

  test("of the earliest cause, where there are several", () => {
    const run = start();
    const span = spanBelow(run);
    const action = startAction({ kind: "dispose", scope });
    run.cancel();
    span.end();
    unwind(run);
    action.end();
    expect(attributesOf()).toEqual(byDispose);
  });

  test("of the run around it, where its own run had ended before", () => {
    const outer = start({ name: "outer" });
    const inner = outer.with(() => start({ name: "inner" }));
    const span = spanBelow(inner);
    inner.end();
    outer.cancel();
    span.end();
    unwind(outer);
    expect(attributesOf()).toEqual({ "lifecycle.close.inherited_class": "user_cancel" });
  });

  test("however deep below the run it is", () => {
    const run = start();
    const tool = spanBelow(run, "execute_tool");
    const deep = trace.getTracer("app").startSpan("deep", {}, trace.setSpan(run.context, tool));
    const action = startAction({ kind: "dispose", scope });
    deep.end();
    tool.end();
    unwind(run);
    action.end();
    expect(attributesOf("deep")).toEqual(byDispose);
    expect(attributesOf("execute_tool")).toEqual(byDispose);
  });

  test("an ERROR that its owner set stays", () => {
    const run = start();
    const span = spanBelow(run);
    run.cancel();
    span.setStatus({ code: 2 });
    span.end();
    unwind(run);
    expect(harvest.span("chat model").status).toBe("ERROR");
  });
});

describe("rule 15: what inherits nothing", () => {
  test("a span begun after the cause: it is clean-up", () => {
    const run = start();
    const action = startAction({ kind: "dispose", scope });
    const span = spanBelow(run, "undo");
    span.end();
    unwind(run);
    action.end();
    expect(attributesOf("undo")).toEqual({});
  });

  test("one begun after the cause that ends after the run", () => {
    const run = start();
    const action = startAction({ kind: "dispose", scope });
    const span = spanBelow(run, "undo");
    unwind(run);
    span.end();
    action.end();
    expect(attributesOf("undo")).toEqual({});
  });

  test("one begun after the run had ended", () => {
    const run = start();
    run.cancel();
    unwind(run);
    spanBelow(run, "later").end();
    expect(attributesOf("later")).toEqual({});
  });

  test("one that had ended before the cause", () => {
    const run = start();
    spanBelow(run).end();
    const action = startAction({ kind: "dispose", scope });
    unwind(run);
    action.end();
    expect(attributesOf()).toEqual({});
  });

  test("one below a run that completed unasked", () => {
    const run = start();
    const span = spanBelow(run);
    run.end();
    span.end();
    expect(attributesOf()).toEqual({});
  });

  test("one below a run that survived a recording action", () => {
    const run = start();
    const span = spanBelow(run);
    withAction({ kind: "reload", scope, interrupt: "record" }, () => undefined);
    span.end();
    run.end();
    expect(attributesOf()).toEqual({});
  });

  test("one beside the run", () => {
    const run = start();
    const span = trace.getTracer("app").startSpan("beside");
    run.cancel();
    span.end();
    unwind(run);
    // A local root span is a run of its own (rule 16).
    expect(attributesOf("beside")).toEqual({
      "lifecycle.run.result": "completed",
      "lifecycle.scope.kind": "process",
    });
  });

  test("a run inside the run: it has a close of its own", () => {
    const outer = start({ name: "outer" });
    const inner = outer.with(() => start({ name: "inner" }));
    outer.cancel();
    unwind(inner);
    unwind(outer);
    expect(attributesOf("inner")).not.toHaveProperty("lifecycle.close.inherited_class");
    expect(attributesOf("inner")["lifecycle.close.class"]).toBe("user_cancel");
  });

  test("an action started inside the run, and its interrupt spans", () => {
    const run = start();
    const other = start({ name: "other" });
    const action = run.with(() => startAction({ kind: "dispose", scope }));
    unwind(other);
    action.end();
    unwind(run);
    for (const name of ["dispose instance", "interrupt other"]) {
      expect(attributesOf(name)).not.toHaveProperty("lifecycle.close.inherited_class");
      expect(attributesOf(name)).not.toHaveProperty("lifecycle.run.result");
    }
  });

  test("one that was adopted as a run below it", () => {
    const run = start();
    const span = spanBelow(run, "invoke_agent");
    const adopted = run.with(() => startRun({ span }));
    run.cancel();
    span.end();
    unwind(run);
    expect(adopted.close).toBeDefined();
    expect(attributesOf("invoke_agent")).not.toHaveProperty("lifecycle.close.inherited_class");
  });
});
