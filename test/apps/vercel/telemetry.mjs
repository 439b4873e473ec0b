import { trace } from "@opentelemetry/api";
import { registerOTel } from "@vercel/otel";

registerOTel({ serviceName: "app" });
// What Vercel's own platform does after each request.
process.once("beforeExit", () => trace.getTracerProvider().getDelegate().forceFlush());
