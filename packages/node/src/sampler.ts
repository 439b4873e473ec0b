import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
} from "@opentelemetry/sdk-trace";
import { variable, warnOfValue } from "./variable.ts";

/**
 * The sampler of `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG`, built here because
 * `TracerProvider` reads no environment; undefined leaves the SDK's default.
 */
export function samplerFromEnvironment(): Sampler | undefined {
  const name = variable("OTEL_TRACES_SAMPLER")?.toLowerCase();
  if (name === undefined) return undefined;
  const make = SAMPLERS.get(name);
  if (make !== undefined) return make();
  const expected = `one of ${[...SAMPLERS.keys()].join(", ")}`;
  warnOfValue("OTEL_TRACES_SAMPLER", expected, "parentbased_always_on");
  return undefined;
}

/** What the SDK samples with where nothing is said. */
export const defaultSampler = (): Sampler =>
  new ParentBasedSampler({ root: new AlwaysOnSampler() });

const SAMPLERS: ReadonlyMap<string, () => Sampler> = new Map<string, () => Sampler>([
  ["always_on", () => new AlwaysOnSampler()],
  ["always_off", () => new AlwaysOffSampler()],
  ["traceidratio", () => new TraceIdRatioBasedSampler(ratio())],
  ["parentbased_always_on", defaultSampler],
  ["parentbased_always_off", () => new ParentBasedSampler({ root: new AlwaysOffSampler() })],
  [
    "parentbased_traceidratio",
    () => new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio()) }),
  ],
]);

function ratio(): number {
  const given = variable("OTEL_TRACES_SAMPLER_ARG");
  if (given === undefined) return 1;
  const number = Number(given);
  if (number >= 0 && number <= 1) return number;
  warnOfValue("OTEL_TRACES_SAMPLER_ARG", "a number from 0 to 1", "1");
  return 1;
}
