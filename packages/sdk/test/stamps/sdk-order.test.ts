import type { Span } from "@opentelemetry/api";
import {
  NoopSpanProcessor,
  type ReadableSpan,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-node";
import { createScope, startRun, withAction } from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { expect, test } from "vitest";
import { attributesNamed } from "../span-document.ts";
import { KeepingExporter, registerProvider } from "../tracing.ts";

const scope = createScope({ kind: "instance" });
const resultOf = (span: object): unknown =>
  (span as Partial<ReadableSpan>).attributes?.["lifecycle.run.result"];

/** Writes down what each hook finds on the span. */
class Witness extends NoopSpanProcessor {
  readonly #name: string;
  readonly #seen: string[];

  constructor(name: string, seen: string[]) {
    super();
    this.#name = name;
    this.#seen = seen;
  }

  onEnding(span: Span): void {
    this.#seen.push(`${this.#name} onEnding ${resultOf(span)}`);
  }
  override onEnd(span: ReadableSpan): void {
    this.#seen.push(`${this.#name} onEnd ${resultOf(span)}`);
  }
}

test("every processor's onEnd finds the stamp, and those behind find it in onEnding", () => {
  const seen: string[] = [];
  const { tracer } = registerProvider([
    new Witness("before", seen),
    new LifecycleSpanProcessor(),
    new Witness("behind", seen),
  ]);
  const span = tracer.startSpan("invoke_agent planner");
  startRun({ span, scope });
  span.end();
  expect(seen).toEqual([
    "before onEnding undefined",
    "behind onEnding completed",
    "before onEnd completed",
    "behind onEnd completed",
  ]);
});

test("a span that is ended twice is stamped and exported once", () => {
  const exporter = new KeepingExporter();
  const processors = [new LifecycleSpanProcessor(), new SimpleSpanProcessor(exporter)];
  const { tracer } = registerProvider(processors);
  const span = tracer.startSpan("invoke_agent planner");
  startRun({ span, scope });
  span.end();
  withAction({ kind: "dispose", scope }, () => span.end());
  const exported = exporter.getFinishedSpans().filter((one) => one.name === "invoke_agent planner");
  expect(exported.map(resultOf)).toEqual(["completed"]);
});

test("a run that a listener of its own abort ends is stamped before that end is exported", () => {
  const exporter = new KeepingExporter();
  registerProvider([new LifecycleSpanProcessor(), new SimpleSpanProcessor(exporter)]);
  const run = startRun({ name: "agent run", scope });
  run.signal.addEventListener("abort", () => run.fail(run.signal.reason));
  withAction({ kind: "dispose", scope }, () => undefined);
  expect(attributesNamed(exporter.getFinishedSpans(), "agent run")).toMatchObject({
    "lifecycle.run.result": "interrupted",
    "lifecycle.close.confidence": "high",
  });
});

test("a run that a processor behind ours ends while its span ends is stamped once", () => {
  const exporter = new KeepingExporter();
  class EndsRuns extends NoopSpanProcessor {
    onEnding(): void {
      run.fail(new Error("late"));
    }
  }
  const { tracer } = registerProvider([
    new LifecycleSpanProcessor(),
    new EndsRuns(),
    new SimpleSpanProcessor(exporter),
  ]);
  const span = tracer.startSpan("invoke_agent planner");
  const run = startRun({ span, scope });
  span.end();
  expect(attributesNamed(exporter.getFinishedSpans(), "invoke_agent planner")).toEqual({
    "lifecycle.scope.kind": "instance",
    "lifecycle.run.result": "completed",
  });
});
