import {
  type Context,
  context,
  type Span,
  SpanKind,
  TraceFlags,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import {
  ATTR_RUN_RESULT,
  ATTR_SCOPE_KIND,
  createScope,
  startRun,
  withRun,
} from "@otel-lifecycle/api";
import type { Pipeline } from "../pipeline.ts";
import type { Workload } from "./cpu-of-calls.ts";

const NAME = "agent run";
const end = (span: Span): void => span.end();
const nothing = (): void => undefined;

/** A run in a scope whose code does nothing. */
export const run = (): (() => void) => {
  const scope = createScope({ kind: "instance", key: "bench" });
  return () => withRun({ name: NAME, scope }, nothing);
};

/** What an application writes without us. */
export const span = (tracer: Tracer): (() => void) => {
  return () => tracer.startActiveSpan(NAME, end);
};

/** The same with the two attributes that a run's span has. */
export const spanWithAttributes = (tracer: Tracer): (() => void) => {
  const endCompleted = (span: Span): void => {
    span.setAttributes({ [ATTR_RUN_RESULT]: "completed" });
    span.end();
  };
  return () =>
    tracer.startActiveSpan(NAME, { attributes: { [ATTR_SCOPE_KIND]: "instance" } }, endCompleted);
};

/** A run whose code awaits once. */
export const asyncRun = (): (() => Promise<void>) => {
  const scope = createScope({ kind: "instance", key: "bench" });
  return () =>
    withRun({ name: NAME, scope }, async () => {
      await undefined;
    });
};

/** The same without us: the span is ended where the code is done. */
export const asyncSpan = (tracer: Tracer): (() => Promise<void>) => {
  return () =>
    tracer.startActiveSpan(NAME, async (span) => {
      try {
        await undefined;
      } finally {
        span.end();
      }
    });
};

/** What an instrumentation of a server makes; with our processor it is an automatic run. */
export const rootSpan = (tracer: Tracer): (() => void) => {
  const options = { kind: SpanKind.SERVER };
  return () => tracer.startActiveSpan("GET /orders", options, end);
};

/** A span below another one, which is in flight until it is ended. */
export interface SpanBelow extends Workload {
  end(): void;
}

/** Below a local root, which with our processor is an automatic run. */
export const spanBelowSpan = (pipeline: Pipeline): SpanBelow =>
  spanBelow(pipeline, startRoot(pipeline.tracer));

/** Below a root that the sampler dropped. */
export const spanBelowDropped = (pipeline: Pipeline): SpanBelow => {
  for (;;) {
    const root = startRoot(pipeline.tracer);
    if ((root.spanContext().traceFlags & TraceFlags.SAMPLED) === 0)
      return spanBelow(pipeline, root);
    root.end();
  }
};

/** Below a run of the API, in the provider that is registered. */
export const spanBelowRun = (pipeline: Pipeline): SpanBelow => {
  const scope = createScope({ kind: "instance", key: "bench" });
  const run = startRun({ name: NAME, scope });
  return { ...callBelow(pipeline, run.context), end: () => run.end() };
};

const startRoot = (tracer: Tracer): Span =>
  tracer.startSpan("GET /orders", { kind: SpanKind.SERVER });

const spanBelow = (pipeline: Pipeline, outer: Span): SpanBelow => ({
  ...callBelow(pipeline, trace.setSpan(context.active(), outer)),
  end: () => outer.end(),
});

const callBelow = (pipeline: Pipeline, outer: Context): Workload => {
  const options = {};
  return {
    call: () => pipeline.tracer.startActiveSpan("tool call", options, outer, end),
    pipeline,
  };
};
