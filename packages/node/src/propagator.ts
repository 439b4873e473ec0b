import type { TextMapPropagator } from "@opentelemetry/api";
import {
  CompositePropagator,
  W3CBaggagePropagator,
  W3CTraceContextPropagator,
} from "@opentelemetry/core";
import { variable, warnOfValue } from "./variable.ts";

/** The propagator of `OTEL_PROPAGATORS`; undefined for `none`. Default: `tracecontext,baggage`. */
export function propagatorFromEnvironment(): TextMapPropagator | undefined {
  const names = variable("OTEL_PROPAGATORS")?.split(",") ?? [...PROPAGATORS.keys()];
  const distinct = new Set(names.map((name) => name.trim().toLowerCase()));
  if (distinct.has("none")) return undefined;
  const propagators = [...PROPAGATORS].filter(([name]) => distinct.has(name));
  if (propagators.length < distinct.size) {
    const used = propagators.map(([name]) => name).join(",") || "none";
    warnOfValue("OTEL_PROPAGATORS", "a list of tracecontext, baggage, or none", used);
  }
  if (propagators.length === 0) return undefined;
  return new CompositePropagator({ propagators: propagators.map(([, make]) => make()) });
}

const PROPAGATORS: ReadonlyMap<string, () => TextMapPropagator> = new Map<
  string,
  () => TextMapPropagator
>([
  ["tracecontext", () => new W3CTraceContextPropagator()],
  ["baggage", () => new W3CBaggagePropagator()],
]);
