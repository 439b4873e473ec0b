import { type Context, context, type Span, SpanKind, type Tracer, trace } from "@opentelemetry/api";
import { createScope, type Run, startRun } from "@otel-lifecycle/api";
import type { Openable } from "./bytes-of-one.ts";

const NAME = "agent run";

/** A run in flight. */
export const openRun = (): Openable<Run> => {
  const scope = createScope({ kind: "instance", key: "bench" });
  return {
    begin: () => startRun({ name: NAME, scope }),
    end: (run) => run.end(),
  };
};

/** The same, and its signal was read: it can be asked to stop. */
export const openRunWithSignal = (): Openable<Run> => {
  const { begin, end } = openRun();
  return {
    begin() {
      const run = begin();
      run.signal.throwIfAborted();
      return run;
    },
    end,
  };
};

/** A root span in flight; with our processor it is an automatic run. */
export const openRoot = (tracer: Tracer): Openable<Span> => {
  const options = { kind: SpanKind.SERVER };
  return {
    begin: () => tracer.startSpan("GET /orders", options),
    end: (span) => span.end(),
  };
};

/** An open span and the context in which its code runs; the context holds the span. */
export const openSpan = (tracer: Tracer): Openable<Context> => ({
  begin: () => trace.setSpan(context.active(), tracer.startSpan(NAME)),
  end: (open) => trace.getSpan(open)?.end(),
});

/** The same, and what an application needs to stop it. */
export const openSpanWithController = (
  tracer: Tracer,
): Openable<{ readonly open: Context; readonly controller: AbortController }> => {
  const { begin, end } = openSpan(tracer);
  return {
    begin() {
      const controller = new AbortController();
      controller.signal.throwIfAborted();
      return { open: begin(), controller };
    },
    end: ({ open }) => end(open),
  };
};
