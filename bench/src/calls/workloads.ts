import { context, type Span, type Tracer, trace } from "@opentelemetry/api";
import {
  ATTR_RUN_RESULT,
  ATTR_SCOPE_KIND,
  createScope,
  startRun,
  withRun,
} from "@otel-lifecycle/api";
import type { Pipeline } from "../pipeline.ts";

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

/** A span below a run in flight, and one below a plain span, until both are ended. */
export interface SpansBelow {
  run(): void;
  span(): void;
  end(): void;
}

export const spanBelow = (lifecycle: Pipeline, plain: Pipeline): SpansBelow => {
  const scope = createScope({ kind: "instance", key: "bench" });
  const outerRun = startRun({ name: NAME, scope });
  const outerSpan = plain.tracer.startSpan(NAME);
  const outerContext = trace.setSpan(context.active(), outerSpan);
  return {
    run: () => lifecycle.tracer.startActiveSpan("tool call", {}, outerRun.context, end),
    span: () => plain.tracer.startActiveSpan("tool call", {}, outerContext, end),
    end() {
      outerRun.end();
      outerSpan.end();
    },
  };
};
