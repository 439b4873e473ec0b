import { type SpanOptions, SpanStatusCode, trace } from "@opentelemetry/api";

/**
 * Runs `fn` in a span of its own, as any instrumentation would. Neither message nor stack of an
 * error is recorded, because both may quote what the user wrote.
 */
export const withChildSpan = <T>(
  name: string,
  options: SpanOptions,
  signal: AbortSignal,
  fn: () => Promise<T>,
): Promise<T> =>
  trace.getTracer("agent-server").startActiveSpan(name, options, async (span) => {
    try {
      return await fn();
    } catch (error) {
      // A call that was cancelled has not failed: its status stays UNSET, who cancelled it is
      // written on the run.
      if (!signal.aborted) {
        const type = error instanceof Error ? error.name : "_OTHER";
        span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute("error.type", type);
      }
      throw error;
    } finally {
      span.end();
    }
  });
