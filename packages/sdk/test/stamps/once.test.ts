import type { Attributes, Link, Span } from "@opentelemetry/api";
import {
  NoopSpanProcessor,
  SimpleSpanProcessor,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-node";
import { createScope, type Run, startRun, withAction, withRun } from "@otel-lifecycle/api";
import { runIn, spansBelow } from "@otel-lifecycle/api/internal";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { describe, expect, test } from "vitest";
import { closedBy, documentNamed } from "../span-document.ts";
import { capturedDiag, KeepingExporter, registerProvider } from "../tracing.ts";

/** Counts what is written to a real span, and passes it on. */
class WriteCounter extends NoopSpanProcessor {
  readonly written: string[] = [];

  override onStart(span: Span): void {
    const { setAttribute, addLink } = span;
    span.setAttribute = (name, value) => {
      this.written.push(name);
      return setAttribute.call(span, name, value);
    };
    span.setAttributes = (attributes: Attributes) => {
      for (const name in attributes) span.setAttribute(name, attributes[name] ?? "");
      return span;
    };
    span.addLink = (link: Link) => {
      this.written.push(`link ${link.attributes?.["lifecycle.link.type"]}`);
      return addLink.call(span, link);
    };
  }

  /** What was written more than once. */
  repeated(): readonly string[] {
    return this.written.filter((name, index) => this.written.indexOf(name) !== index);
  }
}

const scope = createScope({ kind: "instance" });
const dispose = (fn = () => {}): void =>
  withAction({ kind: "dispose", scope, trigger: "http" }, fn);

const setUp = (ours: readonly SpanProcessor[]) => {
  const counter = new WriteCounter();
  const exporter = new KeepingExporter();
  const processors = [counter, ...ours, new SimpleSpanProcessor(exporter)];
  const { tracer } = registerProvider(processors);
  return { tracer, counter, exporter };
};

const interrupted = {
  name: "agent run",
  parent: undefined,
  status: "UNSET",
  attributes: {
    "lifecycle.scope.kind": "instance",
    "lifecycle.run.id": "r1",
    "lifecycle.run.result": "interrupted",
    ...closedBy("dispose instance", "dispose", "http"),
    "lifecycle.close.confidence": "high",
    "lifecycle.close.via": "error",
    "lifecycle.close.error.type": "AbortError",
    "lifecycle.interrupt.duration": "seconds",
  },
  links: [{ to: "span of dispose instance", as: "closed_by" }],
};

describe.each<[string, () => SpanProcessor[]]>([
  ["a provider without our processor", () => []],
  ["a provider with our processor", () => [new LifecycleSpanProcessor()]],
  [
    "a provider that was given our processor twice",
    () => [new LifecycleSpanProcessor(), new LifecycleSpanProcessor()],
  ],
])("%s: a run is stamped exactly once", (_title, ours) => {
  test.each<[string, (run: Run) => void]>([
    ["it ends once", (run) => run.fail(run.signal.reason)],
    [
      "it ends twice and more",
      (run) => {
        run.fail(run.signal.reason);
        run.end();
        run.fail(new Error("late"));
        run.cancel();
        run.span.end();
      },
    ],
  ])("%s", (_case, finish) => {
    const { counter, exporter } = setUp(ours());
    const run = startRun({ name: "agent run", id: "r1", scope });
    dispose();
    finish(run);
    expect(documentNamed(exporter.getFinishedSpans(), "agent run")).toEqual(interrupted);
    expect(counter.repeated()).toEqual([]);
  });

  test("it completes", () => {
    const { counter, exporter } = setUp(ours());
    withRun({ name: "agent run", id: "r1", scope }, () => undefined);
    expect(documentNamed(exporter.getFinishedSpans(), "agent run")).toEqual({
      ...interrupted,
      attributes: {
        "lifecycle.scope.kind": "instance",
        "lifecycle.run.id": "r1",
        "lifecycle.run.result": "completed",
      },
      links: [],
    });
    expect(counter.written).toEqual(["lifecycle.run.result"]);
  });

  test("an adopted span is stamped once by run.end(), and not again by its own end", () => {
    const { tracer, counter, exporter } = setUp(ours());
    const span = tracer.startSpan("agent run");
    const run = startRun({ span, id: "r1", scope });
    dispose();
    run.fail(run.signal.reason);
    span.end();
    expect(documentNamed(exporter.getFinishedSpans(), "agent run")).toEqual(interrupted);
    expect(counter.repeated()).toEqual([]);
  });
});

describe("the application ends run.span itself (rules 12 and 13)", () => {
  test.each<[string, (run: Run) => void, object]>([
    ["the run completed", () => undefined, { "lifecycle.run.result": "completed" }],
    [
      "in an action's code the run is that action's",
      (run) => dispose(() => run.span.end()),
      {
        "lifecycle.run.result": "interrupted",
        "lifecycle.close.class": "lifecycle_action",
        "lifecycle.close.confidence": "medium",
      },
    ],
    [
      "what the run's code says later is too late",
      (run) => {
        run.span.end();
        run.fail(new Error("late"));
      },
      { "lifecycle.run.result": "completed" },
    ],
  ])("with our processor %s", (_title, before, attributes) => {
    const { exporter } = setUp([new LifecycleSpanProcessor()]);
    const run = startRun({ name: "agent run", scope });
    before(run);
    run.span.end();
    expect(documentNamed(exporter.getFinishedSpans(), "agent run")).toMatchObject({ attributes });
    run.end();
  });

  test("without our processor nobody sees it: the run ends with its code, and the span is unstamped", () => {
    const { exporter } = setUp([]);
    const run = startRun({ name: "agent run", scope });
    run.span.end();
    run.end();
    expect(documentNamed(exporter.getFinishedSpans(), "agent run").attributes).toEqual({
      "lifecycle.scope.kind": "instance",
    });
    expect(run.close).toEqual({ type: "completed" });
    expect(exporter.getFinishedSpans()).toHaveLength(1);
  });
});

describe("bad set-up (rule 38)", () => {
  test("our processor twice in one provider is said once, in a warning", () => {
    const lines = capturedDiag();
    setUp([new LifecycleSpanProcessor(), new LifecycleSpanProcessor()]);
    startRun({ name: "agent run", scope }).end();
    expect(lines.filter((line) => line.startsWith("warn"))).toHaveLength(1);
  });

  test("our processor twice in one provider keeps one entry of a span below a run", () => {
    const ours = [new LifecycleSpanProcessor(), new LifecycleSpanProcessor()];
    const { tracer } = registerProvider(ours);
    const run = startRun({ name: "agent run", scope });
    const entry = runIn(run.context);
    const listed = () => ours.flatMap((processor) => entry && spansBelow(entry, processor));
    const span = run.with(() => tracer.startSpan("chat model"));
    expect([listed(), entry?.belowCount]).toEqual([[span], 1]);
    span.end();
    expect([listed(), entry?.belowCount]).toEqual([[], 0]);
    run.end();
  });

  test("our processor twice in one provider ends nothing twice at shutdown", async () => {
    const lines = capturedDiag();
    const ours = [new LifecycleSpanProcessor(), new LifecycleSpanProcessor()];
    const { provider, tracer } = registerProvider(ours);
    startRun({ name: "agent run", scope }).with(() => tracer.startSpan("chat model").end());
    await provider.shutdown();
    expect(lines.filter((line) => line.includes("once"))).toEqual([]);
  });
});
