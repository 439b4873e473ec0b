import { type Tracer, trace } from "@opentelemetry/api";
import { SCHEMA_URL } from "./attributes.ts";
import { VERSION } from "./version.ts";

/** Asked for each time: a tracer that is kept stays with the provider of its first use. */
export const getTracer = (): Tracer =>
  trace.getTracerProvider().getTracer("@otel-lifecycle/api", VERSION, { schemaUrl: SCHEMA_URL });
