import { context, type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import { SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { createScope, type Run, type Scope, startRun, withAction } from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { beforeEach, describe, expect, test } from "vitest";
import { attributesNamed, closedBy, counts, documentNamed } from "../span-document.ts";
import { KeepingExporter, registerProvider } from "../tracing.ts";

const NAME = "invoke_agent planner";
let scope: Scope;
let exporter: KeepingExporter;
let span: Span;
let run: Run;

beforeEach(() => {
  scope = createScope({ kind: "instance" });
  exporter = new KeepingExporter();
  const { tracer } = registerProvider([
    new LifecycleSpanProcessor(),
    new SimpleSpanProcessor(exporter),
  ]);
  span = tracer.startSpan(NAME);
  run = startRun({ span, scope });
});

const exported = () => documentNamed(exporter.getFinishedSpans(), NAME);
const dispose = (fn: () => void): void => withAction({ kind: "dispose", scope }, fn);
const failSpan = (attributes = {}): void => {
  span
    .setAttributes(attributes)
    .setStatus({ code: SpanStatusCode.ERROR, message: "its own words" });
};

const start = { "lifecycle.scope.kind": "instance" };
const completed = { ...start, "lifecycle.run.result": "completed" };
const failed = {
  ...start,
  "lifecycle.run.result": "failed",
  "lifecycle.close.class": "error",
  "lifecycle.close.confidence": "high",
  "lifecycle.close.via": "error",
};
const interrupted = {
  ...start,
  "lifecycle.run.result": "interrupted",
  ...closedBy("dispose instance", "dispose", "unknown"),
  "lifecycle.close.via": "registry",
};
const asked = { ...interrupted, "lifecycle.interrupt.duration": "seconds" };

describe("a span of another instrumentation, ended by its owner (rules 12 and 13)", () => {
  test.each<[string, () => void, string, object]>([
    ["with status UNSET it completed", () => span.end(), "UNSET", completed],
    [
      "with status OK it completed, and the OK is its owner's",
      () => span.setStatus({ code: SpanStatusCode.OK }).end(),
      "OK",
      completed,
    ],
    [
      "with status ERROR it failed, and gets no error.type of ours",
      () => {
        failSpan();
        span.end();
      },
      "ERROR",
      failed,
    ],
    [
      "with status ERROR and error.type it failed, and keeps it",
      () => {
        failSpan({ "error.type": "rate_limited" });
        span.end();
      },
      "ERROR",
      { ...failed, "error.type": "rate_limited" },
    ],
    [
      "in an action's code it is closed by that action",
      () => dispose(() => span.end()),
      "UNSET",
      { ...asked, "lifecycle.close.confidence": "medium" },
    ],
    [
      "in an action's code, with status ERROR, it is closed by that action and stays ERROR",
      () =>
        dispose(() => {
          failSpan({ "error.type": "AbortError" });
          span.end();
        }),
      "ERROR",
      { ...asked, "error.type": "AbortError", "lifecycle.close.confidence": "medium" },
    ],
    [
      "covered, its signal never read, it completed",
      () => {
        dispose(() => undefined);
        span.end();
      },
      "UNSET",
      completed,
    ],
    [
      "covered and told so, it is the action's, if not surely",
      () => {
        run.signal.addEventListener("abort", () => undefined);
        dispose(() => undefined);
        span.end();
      },
      "UNSET",
      { ...asked, "lifecycle.close.confidence": "low" },
    ],
    [
      "covered, with status ERROR, it is the action's",
      () => {
        dispose(() => undefined);
        failSpan();
        span.end();
      },
      "ERROR",
      { ...asked, "lifecycle.close.confidence": "medium" },
    ],
    [
      "after run.end(), what the run ended with stands, whatever the span becomes",
      () => {
        run.end();
        failSpan();
        span.end();
      },
      "ERROR",
      completed,
    ],
    [
      "after run.fail(), the run's error is on it, and its status is left alone",
      () => {
        run.fail(new TypeError("secret"));
        span.end();
      },
      "UNSET",
      { ...failed, "lifecycle.close.error.type": "TypeError" },
    ],
    [
      "covered by an action that only recorded and is over, its later error is its own",
      () => {
        withAction({ kind: "reload", scope, interrupt: "record" }, () => undefined);
        failSpan();
        span.end();
      },
      "ERROR",
      failed,
    ],
  ])("%s", (_title, finish, status, attributes) => {
    finish();
    expect(exported()).toMatchObject({ status, attributes });
    expect(Object.keys(exported().attributes).sort()).toEqual(Object.keys(attributes).sort());
    expect(run.close).toBeDefined();
  });

  test("a listener of the run's signal that ends the span ends it in the action", () => {
    run.signal.addEventListener("abort", () => span.end());
    dispose(() => undefined);
    expect(exported()).toEqual({
      name: NAME,
      parent: undefined,
      status: "UNSET",
      attributes: { ...asked, "lifecycle.close.confidence": "medium" },
      links: [{ to: "span of dispose instance", as: "closed_by" }],
    });
    expect(attributesNamed(exporter.getFinishedSpans(), "dispose instance")).toMatchObject(
      counts({ covered: 1, interrupted: 1 }),
    );
  });

  test("adopted twice, it ends both runs", () => {
    const second = startRun({ span, scope });
    span.end();
    expect([run.close, second.close]).toEqual([{ type: "completed" }, { type: "completed" }]);
  });

  test("finished in the code of an action of another scope, it has completed", () => {
    const other = createScope({ kind: "instance_store" });
    withAction({ kind: "dispose_all", scope: other }, () => span.end());
    expect(exported()).toMatchObject({
      attributes: { "lifecycle.run.result": "completed" },
      links: [],
    });
  });
});

describe("a span is no link to its own descendant (conventions: Links)", () => {
  test("an adopted span in whose code the action was started is covered, and not linked", () => {
    const { signal } = run;
    run.with(() => dispose(() => undefined));
    run.fail(signal.reason);
    span.end();
    expect(exported()).toMatchObject({
      attributes: {
        "lifecycle.close.class": "lifecycle_action",
        "lifecycle.close.action.id": "id of dispose instance",
        "lifecycle.close.via": "error",
      },
      links: [],
    });
    const action = documentNamed(exporter.getFinishedSpans(), "dispose instance");
    expect(action).toMatchObject({ parent: `span of ${NAME}`, links: [] });
  });

  test("also where the adopted span alone is active, as its own instrumentation left it", () => {
    context.with(trace.setSpan(context.active(), span), () => dispose(() => span.end()));
    const action = documentNamed(exporter.getFinishedSpans(), "dispose instance");
    expect({ run: exported().links, action: action.links, parent: action.parent }).toEqual({
      run: [],
      action: [],
      parent: `span of ${NAME}`,
    });
  });
});
