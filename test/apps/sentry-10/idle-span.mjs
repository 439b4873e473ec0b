import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor } from "@opentelemetry/sdk-trace";

// Its debug messages write spans as JSON, which those of OpenTelemetry's SDK cannot be.
globalThis.__SENTRY_DEBUG__ = false;
const { setHttpStatus, startIdleSpan, startInactiveSpan, withActiveSpan } = await import(
  "@sentry/core"
);
const { close, init, startSpan } = await import("@sentry/node");

const processor = new BatchSpanProcessor({ exporter: new OTLPTraceExporter() });
init({
  dsn: "http://test@127.0.0.1:1/1",
  tracesSampleRate: 1,
  openTelemetrySpanProcessors: [processor],
});

const LATE = 60_000;
const idleSpan = (name, timeouts) =>
  startIdleSpan(
    { name, forceTransaction: true },
    { finalTimeout: LATE, idleTimeout: LATE, childSpanTimeout: LATE, ...timeouts },
  );
const ended = (span) =>
  new Promise((resolve) => {
    const poll = setInterval(() => {
      if (span.isRecording()) return;
      clearInterval(poll);
      resolve();
    }, 10);
  });

const cut = idleSpan("idle span, at its final timeout", { finalTimeout: 50 });
withActiveSpan(cut, () => startInactiveSpan({ name: "child, cut off" }));
await ended(cut);
const stalled = idleSpan("idle span, its child too long", { childSpanTimeout: 50 });
withActiveSpan(stalled, () => startInactiveSpan({ name: "child, too long" }));
await ended(stalled);
await ended(idleSpan("idle span, idle", { idleTimeout: 50 }));
idleSpan("idle span, ended by its owner").end();
await startSpan({ name: "answered with 499" }, (span) => setHttpStatus(span, 499));
await startSpan({ name: "answered with 409" }, (span) => setHttpStatus(span, 409));
await startSpan({ name: "threw an abort" }, () => Promise.reject(AbortSignal.abort().reason)).catch(
  () => {},
);
await processor.forceFlush();
await close(100);
// The timers of idle spans outlive them.
process.exit();
