import { context, type Span, trace } from "@opentelemetry/api";

/** Calls `fn` with the span active, as instrumentations do. */
export const within = <T>(span: Span, fn: () => T): T =>
  context.with(trace.setSpan(context.active(), span), fn);
