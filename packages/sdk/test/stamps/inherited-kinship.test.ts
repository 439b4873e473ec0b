import { ROOT_CONTEXT, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";
import { SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import {
  createScope,
  type Run,
  type Scope,
  startAction,
  startRun,
  withAction,
} from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { beforeEach, describe, expect, test } from "vitest";
import { attributesNamed, documentNamed, inheritedFrom } from "../span-document.ts";
import { KeepingExporter, registerProvider } from "../tracing.ts";

let exporter: KeepingExporter;
let tracer: Tracer;
let scope: Scope;
let run: Run;

beforeEach(() => {
  exporter = new KeepingExporter();
  const processors = [new LifecycleSpanProcessor(), new SimpleSpanProcessor(exporter)];
  ({ tracer } = registerProvider(processors));
  scope = createScope({ kind: "instance" });
  run = startRun({ name: "agent run", scope });
});

const begin = (name = "below") => run.with(() => tracer.startSpan(name));
const dispose = (): void =>
  withAction({ kind: "dispose", scope, trigger: "http" }, () => undefined);
const stop = (): void => run.fail(run.signal.reason);
const exported = (name = "below") => attributesNamed(exporter.getFinishedSpans(), name);

const inherited = inheritedFrom("dispose instance", "dispose", "http");

describe("what counts as below a run (rules 11 and 15)", () => {
  test("it inherits at every depth, and keeps attributes and status of its own", () => {
    const names = ["depth 1", "depth 2", "depth 3"];
    let around = run.context;
    const spans = names.map((name) => {
      const span = tracer.startSpan(name, { attributes: { "gen_ai.system": "here" } }, around);
      around = trace.setSpan(around, span);
      return span.setStatus({ code: SpanStatusCode.ERROR });
    });
    dispose();
    for (const span of spans) span.end();
    stop();
    for (const name of names) {
      expect(documentNamed(exporter.getFinishedSpans(), name)).toMatchObject({
        status: "ERROR",
        attributes: { "gen_ai.system": "here", ...inherited },
      });
    }
  });

  test("a run inside a run has a close of its own and inherits none", () => {
    const inner = run.with(() => startRun({ name: "inner run" }));
    const below = inner.with(() => tracer.startSpan("below"));
    dispose();
    below.end();
    inner.fail(inner.signal.reason);
    stop();
    expect(exported("inner run")).toMatchObject({ "lifecycle.close.class": "lifecycle_action" });
    expect(exported("inner run")).not.toHaveProperty("lifecycle.close.inherited_class");
    expect(exported()).toEqual(inherited);
  });

  test("a span that is adopted below a run has a close of its own and inherits none", () => {
    const below = begin();
    const adopted = run.with(() => startRun({ span: below }));
    dispose();
    adopted.fail(adopted.signal.reason);
    below.end();
    expect(exported()).not.toHaveProperty("lifecycle.close.inherited_class");
    expect(exported()).toMatchObject({ "lifecycle.close.class": "lifecycle_action" });
  });

  test("actions and interrupt spans inherit none, also where a run started the action", () => {
    const other = startRun({ name: "other run", scope });
    const action = run.with(() => startAction({ kind: "dispose", scope, trigger: "http" }));
    other.fail(other.signal.reason);
    action.end();
    stop();
    const carriers = exporter
      .getFinishedSpans()
      .filter((span) => "lifecycle.close.inherited_class" in span.attributes);
    expect(carriers).toEqual([]);
    expect(exported("interrupt other run")).toHaveProperty("lifecycle.interrupt.result", "stopped");
  });

  test("a span below an inner run that has completed inherits from the outer one", () => {
    const inner = run.with(() => startRun({ name: "inner run" }));
    const below = inner.with(() => tracer.startSpan("below"));
    inner.end();
    dispose();
    below.end();
    stop();
    expect(exported()).toEqual(inherited);
  });

  test("a span begun in the context of an inner run that has completed inherits from the outer one", () => {
    const inner = run.with(() => startRun({ name: "inner run" }));
    inner.end();
    const below = inner.with(() => tracer.startSpan("below"));
    dispose();
    below.end();
    stop();
    expect(exported()).toEqual(inherited);
  });

  test("a span that knows the run by its parent alone, in a context that lost it, inherits", () => {
    const lost = trace.setSpan(ROOT_CONTEXT, run.span);
    const below = tracer.startSpan("below", {}, lost);
    dispose();
    below.end();
    stop();
    expect(exported()).toEqual(inherited);
  });

  test("a span below an adopted one inherits, as its own instrumentation made it", () => {
    const adopted = tracer.startSpan("invoke_agent planner");
    startRun({ span: adopted, scope });
    const below = tracer.startSpan("below", {}, trace.setSpan(ROOT_CONTEXT, adopted));
    dispose();
    below.end();
    adopted.end();
    stop();
    expect(exported()).toEqual(inherited);
  });
});
