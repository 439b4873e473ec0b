import {
  type ProxyTracerProvider,
  type Tracer,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";
import { SCHEMA_URL } from "./attributes.ts";
import { registry } from "./registry.ts";
import { VERSION } from "./version.ts";

/**
 * The tracer of the provider that is registered now. Kept beside that provider and asked for again
 * when it is another one, because asking costs a tenth of a span, and a tracer from the API's
 * proxy would stay with the first provider for ever.
 */
export const getTracer = (): Tracer => {
  const provider = delegateOf(trace.getTracerProvider());
  if (registry.tracer?.provider !== provider) {
    const tracer = provider.getTracer("@otel-lifecycle/api", VERSION, { schemaUrl: SCHEMA_URL });
    registry.tracer = { provider, tracer };
  }
  return registry.tracer.tracer;
};

const delegateOf = (provider: TracerProvider): TracerProvider =>
  (provider as Partial<ProxyTracerProvider>).getDelegate?.() ?? provider;
