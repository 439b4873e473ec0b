import type { TracerProvider as AnyProvider, Tracer } from "@opentelemetry/api";
import { TracerProvider, type TracerProviderOptions } from "@opentelemetry/sdk-trace";

/** Our provider, until someone else's takes over. */
export interface OwnProvider {
  readonly provider: TracerProvider;
  /** From now on every tracer that was ever taken from ours makes its spans with `successor`. */
  giveWayTo(successor: AnyProvider): void;
}

/**
 * Because instrumentations and modules keep the tracers that they take, and an SDK that starts
 * later registers its instrumentations before its provider: they would go on with ours.
 */
export function createOwnProvider(options: TracerProviderOptions): OwnProvider {
  const provider = new TracerProvider(options);
  const ownTracer = provider.getTracer.bind(provider);
  const tracers = new Map<Tracer, Tracer>();
  let successor: AnyProvider | undefined;
  provider.getTracer = (name, version, options) => {
    if (successor !== undefined) return successor.getTracer(name, version, options);
    const own = ownTracer(name, version, options);
    const known = tracers.get(own);
    if (known !== undefined) return known;
    const tracer = followingTracer(own, () => successor?.getTracer(name, version, options));
    tracers.set(own, tracer);
    return tracer;
  };
  return {
    provider,
    giveWayTo: (other) => {
      successor = other;
    },
  };
}

/** A tracer that is `first` until `next` gives another. */
function followingTracer(first: Tracer, next: () => Tracer | undefined): Tracer {
  let followed: Tracer | undefined;
  const current = (): Tracer => followed ?? (followed = next()) ?? first;
  return {
    startSpan: (...args) => current().startSpan(...args),
    startActiveSpan: (...args: unknown[]) =>
      // The overloads differ in what stands before the function only.
      (current().startActiveSpan as (...all: unknown[]) => never)(...args),
  };
}
