import { type Span, SpanStatusCode, type Tracer } from "@opentelemetry/api";
import { SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import {
  createScope,
  lifecycleSnapshot,
  processScope,
  type Run,
  type Scope,
  startRun,
  withAction,
} from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { attributesNamed, inheritedFrom } from "../span-document.ts";
import { KeepingExporter, registerProvider } from "../tracing.ts";
import { within } from "./within.ts";

let exporter: KeepingExporter;
let tracer: Tracer;
let scope: Scope;
let root: Span;

/** A run in what a span below the active one does. */
const below = (name: string): Run =>
  tracer.startActiveSpan(`before ${name}`, (step) => {
    step.end();
    return startRun({ name, scope });
  });

const inRoot = <T>(fn: () => T): T => within(root, fn);
const exported = (name: string) => attributesNamed(exporter.getFinishedSpans(), name);
const inFlight = () => lifecycleSnapshot().runs;
const stop = (run: Run): void => {
  run.cancel();
  run.fail(run.signal.reason);
};

const completed = { "lifecycle.scope.kind": "instance", "lifecycle.run.result": "completed" };
const inherited = (name: string) => ({ "lifecycle.close.inherited_class": name });

beforeEach(() => {
  exporter = new KeepingExporter();
  ({ tracer } = registerProvider([
    new LifecycleSpanProcessor(),
    new SimpleSpanProcessor(exporter),
  ]));
  scope = createScope({ kind: "instance" });
  root = tracer.startSpan("POST /messages");
});

afterEach(() => expect(lifecycleSnapshot()).toMatchObject({ runs: 0, actions: 0 }));

describe("one piece of work counts once: a root leaves its place to a run below it (rule 18)", () => {
  test("from the beginning of that run on, also once that has ended", () => {
    expect(inFlight()).toBe(1);
    const run = inRoot(() => below("agent run"));
    expect(inFlight()).toBe(1);
    run.end();
    expect(inFlight()).toBe(0);
    root.end();
    expect([exported("agent run"), exported("POST /messages")]).toEqual([completed, {}]);
  });

  test("and keeps the status that its owner gives it", () => {
    inRoot(() => below("agent run")).end();
    root.setStatus({ code: SpanStatusCode.ERROR }).end();
    expect(exported("POST /messages")).toEqual({});
    expect(exporter.getFinishedSpans().at(-1)?.status.code).toBe(SpanStatusCode.ERROR);
  });

  test.each<[string, () => Run]>([
    ["below a span of it", () => below("agent run")],
    ["in its own context", () => startRun({ name: "agent run", scope })],
  ])("a run that begins when it has ended is another piece of work: %s", (_title, begin) => {
    root.end();
    const run = inRoot(begin);
    expect(inFlight()).toBe(1);
    stop(run);
    expect(exported("POST /messages")).toEqual({
      ...completed,
      "lifecycle.scope.kind": "process",
    });
  });

  test("one with a root span of its own takes nobody's place", () => {
    const run = inRoot(() => startRun({ name: "job", scope, spanOptions: { root: true } }));
    expect(inFlight()).toBe(2);
    stop(run);
    root.end();
    expect(exported("POST /messages")).toEqual({
      ...completed,
      "lifecycle.scope.kind": "process",
    });
  });
});

describe("it inherits the earliest close below it (rule 18)", () => {
  test.each<[string, (run: Run) => void, object]>([
    ["a user's", stop, inherited("user_cancel")],
    ["an error", (run) => run.fail(new TypeError("no")), inherited("error")],
    ["a broken connection", (run) => run.fail(reset()), inherited("upstream_disconnect")],
    [
      "an abort of nobody's",
      (run) => run.fail(new DOMException("", "AbortError")),
      inherited("unknown_scope_close"),
    ],
    ["none, if it completed", (run) => run.end(), {}],
    [
      "none, if it was asked and had completed",
      (run) => {
        run.complete();
        stop(run);
      },
      {},
    ],
  ])("%s", (_title, end, attributes) => {
    end(inRoot(() => below("agent run")));
    root.end();
    expect(exported("POST /messages")).toEqual(attributes);
  });

  test.each(["signal", "record"] as const)(
    "none, if it completed though it was covered by an action that is to %s",
    (interrupt) => {
      const run = inRoot(() => below("agent run"));
      withAction({ kind: "reload", scope, interrupt }, () => run.end());
      root.end();
      expect([exported("agent run"), exported("POST /messages")]).toEqual([completed, {}]);
    },
  );

  test("an action's, with the action", () => {
    const run = inRoot(() => below("agent run"));
    withAction({ kind: "dispose", scope, trigger: "http" }, () => undefined);
    run.fail(run.signal.reason);
    root.end();
    expect(exported("POST /messages")).toEqual(
      inheritedFrom("dispose instance", "dispose", "http"),
    );
  });

  test("nothing, if it ended before that", () => {
    const run = inRoot(() => below("agent run"));
    root.end();
    expect(inFlight()).toBe(1);
    stop(run);
    expect([exported("POST /messages"), exported("agent run")]).toEqual([
      {},
      expect.objectContaining({ "lifecycle.close.class": "user_cancel" }),
    ]);
  });

  test("that which was initiated first, not that which ended first", () => {
    const [slow, quick] = inRoot(() => [below("slow"), below("quick")]);
    slow.cancel();
    quick.fail(new TypeError("no"));
    slow.fail(slow.signal.reason);
    root.end();
    expect(exported("POST /messages")).toEqual(inherited("user_cancel"));
  });

  test("of two runs in turn the one that was closed, in either order", () => {
    for (const [first, second] of [
      ["stopped", "done"],
      ["done", "stopped"],
    ]) {
      exporter.reset();
      const span = tracer.startSpan("job");
      for (const name of [first, second]) {
        const run = within(span, () => below(name ?? ""));
        if (name === "done") run.end();
        else stop(run);
      }
      span.end();
      expect(exported("job")).toEqual(inherited("user_cancel"));
    }
    root.end();
  });

  test("of two that were closed in turn, the first", () => {
    stop(inRoot(() => below("first")));
    inRoot(() => below("second")).fail(new TypeError("no"));
    root.end();
    expect(exported("POST /messages")).toEqual(inherited("user_cancel"));
  });

  test("also from a run inside a run, which the one around it outlived", () => {
    const outer = inRoot(() => below("outer"));
    const inner = outer.with(() => below("inner"));
    expect(inFlight()).toBe(2);
    stop(inner);
    outer.end();
    root.end();
    expect([exported("outer"), exported("POST /messages")]).toEqual([
      completed,
      inherited("user_cancel"),
    ]);
  });

  test("also from one that goes on inside it when the one around it has ended", () => {
    const outer = inRoot(() => below("outer"));
    const inner = outer.with(() => below("inner"));
    outer.end();
    stop(inner);
    root.end();
    expect(exported("POST /messages")).toEqual(inherited("user_cancel"));
  });

  test("also from a span below it that was adopted as a run", () => {
    const span = inRoot(() => tracer.startSpan("invoke_agent planner"));
    const run = within(span, () => startRun({ span, scope }));
    expect(inFlight()).toBe(1);
    run.cancel();
    run.fail(run.signal.reason);
    span.end();
    root.end();
    expect(exported("POST /messages")).toEqual(inherited("user_cancel"));
  });

  test("from runs of two roots each its own", () => {
    const other = tracer.startSpan("GET /health");
    const run = inRoot(() => below("agent run"));
    const healthy = within(other, () => below("health"));
    expect(inFlight()).toBe(2);
    stop(run);
    healthy.end();
    other.end();
    root.end();
    expect([exported("POST /messages"), exported("GET /health")]).toEqual([
      inherited("user_cancel"),
      {},
    ]);
  });
});

describe("the root's own span can be adopted, and is the run then (rules 12 and 18)", () => {
  const options = () => ({ span: root, scope, id: "r1" });

  test("it counts once and carries one verdict", () => {
    const run = startRun(options());
    expect(inFlight()).toBe(1);
    root.end();
    expect([inFlight(), run.close]).toEqual([0, { type: "completed" }]);
    expect(exported("POST /messages")).toEqual({ ...completed, "lifecycle.run.id": "r1" });
  });

  test("its close is its own, and not inherited", () => {
    const run = startRun(options());
    run.cancel();
    run.fail(run.signal.reason);
    root.end();
    expect(exported("POST /messages")).toEqual({
      "lifecycle.scope.kind": "instance",
      "lifecycle.run.id": "r1",
      "lifecycle.run.result": "interrupted",
      "lifecycle.close.class": "user_cancel",
      "lifecycle.close.confidence": "high",
      "lifecycle.close.via": expect.any(String),
      "lifecycle.close.error.type": "AbortError",
      "lifecycle.interrupt.duration": "seconds",
    });
  });

  test("after it had left its place to a run below it", () => {
    const run = inRoot(() => below("agent run"));
    startRun(options());
    expect(inFlight()).toBe(2);
    stop(run);
    root.end();
    expect(exported("POST /messages")).toEqual({ ...completed, "lifecycle.run.id": "r1" });
  });

  test("twice: the outer verdict stands", () => {
    const outer = startRun(options());
    startRun({ span: root, scope }).end();
    outer.fail(new TypeError("no"));
    root.end();
    expect(exported("POST /messages")).toMatchObject({
      "lifecycle.run.id": "r1",
      "lifecycle.close.class": "error",
    });
  });

  test("a run inside it follows it", () => {
    const outer = startRun(options());
    const inner = outer.with(() => startRun({ name: "inner" }));
    outer.cancel();
    expect(inner.signal.aborted).toBe(true);
    inner.fail(inner.signal.reason);
    root.end();
    expect(exported("inner")).toMatchObject({ "lifecycle.close.class": "user_cancel" });
  });

  test("its status is an error of its own", () => {
    startRun(options());
    root.setStatus({ code: SpanStatusCode.ERROR }).end();
    expect(exported("POST /messages")).toMatchObject({
      "lifecycle.run.result": "failed",
      "lifecycle.close.class": "error",
    });
  });
});

describe("spans below a root", () => {
  test("inherit what closed it, if they were in flight then (rule 15)", () => {
    const [early, late] = inRoot(() => [tracer.startSpan("early"), tracer.startSpan("late")]);
    early.end();
    let cleanUp: Span | undefined;
    withAction({ kind: "dispose", scope: processScope(), trigger: "cli" }, () => {
      cleanUp = inRoot(() => tracer.startSpan("clean-up"));
      root.end();
    });
    late.end();
    cleanUp?.end();
    expect([exported("early"), exported("late"), exported("clean-up")]).toEqual([
      {},
      inheritedFrom("dispose process", "dispose", "cli"),
      {},
    ]);
  });

  test("inherit its error, if they end later (rule 15)", () => {
    const step = inRoot(() => tracer.startSpan("step"));
    root.setStatus({ code: SpanStatusCode.ERROR }).end();
    step.end();
    expect(exported("step")).toEqual(inherited("error"));
  });

  test("inherit what closed the run as which it was adopted meanwhile (rule 15)", () => {
    const step = inRoot(() => tracer.startSpan("step"));
    const run = startRun({ span: root, scope });
    run.cancel();
    step.end();
    run.fail(run.signal.reason);
    root.end();
    expect(exported("step")).toEqual(inherited("user_cancel"));
  });

  test("have the runs that begin in them follow the run as which it was adopted (rule 11)", () => {
    const step = inRoot(() => tracer.startSpan("step"));
    const run = startRun({ span: root, scope });
    const inner = within(step, () => startRun({ name: "inner" }));
    run.cancel();
    expect(inner.signal.aborted).toBe(true);
    inner.fail(inner.signal.reason);
    for (const span of [step, root]) span.end();
    expect(exported("inner")).toMatchObject({ "lifecycle.close.class": "user_cancel" });
  });

  test("inherit nothing from one that left its place: they are not below the run (rule 18)", () => {
    const step = inRoot(() => tracer.startSpan("step"));
    stop(inRoot(() => below("agent run")));
    step.end();
    root.end();
    expect(exporter.getFinishedSpans().map(({ name, attributes }) => [name, attributes])).toEqual(
      expect.arrayContaining([["step", {}]]),
    );
  });
});

const reset = (): Error => Object.assign(new Error("read"), { code: "ECONNRESET" });
