import {
  BatchSpanProcessor,
  NoopSpanProcessor,
  SimpleSpanProcessor,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-node";
import { createScope, startRun, withAction } from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { describe, expect, test } from "vitest";
import { closedBy, counts, documentsOf, inheritedFrom } from "../span-document.ts";
import { KeepingExporter, registerProvider } from "../tracing.ts";

type Place = "ours" | "simple" | "batch" | "noop";

const processorsOf: Readonly<Record<Place, (exporter: KeepingExporter) => SpanProcessor>> = {
  ours: () => new LifecycleSpanProcessor(),
  simple: (exporter) => new SimpleSpanProcessor(exporter),
  batch: (exporter) => new BatchSpanProcessor(exporter),
  noop: () => new NoopSpanProcessor(),
};

describe("the stamp is on the span before any exporter sees it (toolchain: onEnding)", () => {
  test.each<[string, readonly Place[]]>([
    ["first, before a simple processor", ["ours", "simple"]],
    ["last, behind a simple processor", ["simple", "ours"]],
    ["between others, before a simple processor", ["noop", "ours", "simple"]],
    ["between others, behind a simple processor", ["simple", "ours", "noop"]],
    ["first, before a batch processor", ["ours", "batch"]],
    ["last, behind a batch processor", ["batch", "ours"]],
    ["between others, before a batch processor", ["noop", "ours", "batch"]],
    ["between others, behind a batch processor", ["batch", "ours", "noop"]],
  ])("%s", async (_title, places) => {
    const exporter = new KeepingExporter();
    const { provider, tracer } = registerProvider(
      places.map((place) => processorsOf[place](exporter)),
    );
    const scope = createScope({ kind: "instance" });
    const span = tracer.startSpan("invoke_agent planner");
    const run = startRun({ span, scope, id: "r1" });
    const below = run.with(() => tracer.startSpan("chat model"));
    withAction({ kind: "dispose", scope, trigger: "http" }, () => {
      below.end();
      span.end();
    });
    await provider.forceFlush();

    expect(documentsOf(exporter.getFinishedSpans())).toEqual([
      {
        name: "chat model",
        parent: "span of invoke_agent planner",
        status: "UNSET",
        attributes: inheritedFrom("dispose instance", "dispose", "http"),
        links: [],
      },
      {
        name: "dispose instance",
        parent: undefined,
        status: "UNSET",
        attributes: {
          "lifecycle.scope.kind": "instance",
          "lifecycle.action.id": "id of dispose instance",
          "lifecycle.action.kind": "dispose",
          "lifecycle.action.trigger": "http",
          "lifecycle.action.result": "completed",
          ...counts({ covered: 1, interrupted: 1 }),
        },
        links: [{ to: "span of invoke_agent planner", as: "interrupts" }],
      },
      {
        name: "interrupt invoke_agent planner",
        parent: "span of dispose instance",
        status: "UNSET",
        attributes: {
          "lifecycle.run.id": "r1",
          "lifecycle.interrupt.duration": "seconds",
          "lifecycle.interrupt.result": "stopped",
        },
        links: [{ to: "span of invoke_agent planner", as: "interrupts" }],
      },
      {
        name: "invoke_agent planner",
        parent: undefined,
        status: "UNSET",
        attributes: {
          "lifecycle.run.id": "r1",
          "lifecycle.run.result": "interrupted",
          "lifecycle.scope.kind": "instance",
          ...closedBy("dispose instance", "dispose", "http"),
          "lifecycle.close.confidence": "medium",
          "lifecycle.close.via": "registry",
          "lifecycle.interrupt.duration": "seconds",
        },
        links: [{ to: "span of dispose instance", as: "closed_by" }],
      },
    ]);
  });

  test("two that export both see it, the one before and the one behind", () => {
    const [before, behind] = [new KeepingExporter(), new KeepingExporter()];
    const { tracer } = registerProvider([
      new SimpleSpanProcessor(before),
      new LifecycleSpanProcessor(),
      new SimpleSpanProcessor(behind),
    ]);
    const span = tracer.startSpan("invoke_agent planner");
    startRun({ span });
    span.end();

    const documents = documentsOf(before.getFinishedSpans());
    expect(documents).toEqual([
      {
        name: "invoke_agent planner",
        parent: undefined,
        status: "UNSET",
        attributes: { "lifecycle.scope.kind": "process", "lifecycle.run.result": "completed" },
        links: [],
      },
    ]);
    expect(documentsOf(behind.getFinishedSpans())).toEqual(documents);
  });
});
