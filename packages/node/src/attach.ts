import { type TracerProvider, trace } from "@opentelemetry/api";
import { LifecycleSpanProcessor, type LifecycleSpanProcessorOptions } from "@otel-lifecycle/sdk";
import { warn } from "./diagnostics.ts";
import { createForeignPipeline } from "./foreign-pipeline.ts";
import type { Pipeline } from "./pipeline.ts";
import { registeredGlobals } from "./registered-globals.ts";
import { registration } from "./registration.ts";

/**
 * Puts a `LifecycleSpanProcessor` first into a provider that someone else has set up, unless there
 * is one in it, and makes its pipeline the current one.
 *
 * Where no span processor can run it warns what that costs. With a provider that was attached to,
 * or that is ours, it only gives the pipeline.
 *
 * @param provider - The registered one by default.
 * @param options - Those of the processor.
 * @throws LifecycleError for options that are none; else never.
 */
export function attach(
  provider: TracerProvider = trace.getTracerProvider(),
  options: LifecycleSpanProcessorOptions = {},
): Pipeline {
  const delegate = delegateOf(provider);
  if (delegate === registration.provider && registration.pipeline !== undefined) {
    return registration.pipeline;
  }
  const processor = isNoop(delegate) ? noProvider() : insert(delegate, options);
  const pipeline = createForeignPipeline(delegate, processor);
  registration.provider = delegate;
  registration.pipeline = pipeline;
  // Later, because SDKs register their context manager before or after their provider.
  // A timer, because an immediate that keeps nothing alive waits for the next event.
  setTimeout(warnWithoutContextManager, 0).unref();
  return pipeline;
}

/** The provider behind the API's proxies. */
export function delegateOf(provider: object): object {
  const { getDelegate } = provider as { getDelegate?: () => object };
  return getDelegate === undefined ? provider : getDelegate.call(provider);
}

/** Whether it is what the API gives where no SDK is registered. */
export const isNoop = (provider: object): boolean =>
  // The bundle of 1.10 may add to the name of the class.
  provider.constructor.name.startsWith("NoopTracerProvider");

/** What the SDKs' providers look like from inside, on both lines; private, so only ever looked for. */
interface Inside {
  readonly _activeSpanProcessor?: { _spanProcessors?: readonly unknown[] };
}

function insert(
  provider: Inside,
  options: LifecycleSpanProcessorOptions,
): LifecycleSpanProcessor | undefined {
  const active = provider._activeSpanProcessor;
  const list = active?._spanProcessors;
  if (active === undefined || !Array.isArray(list)) return noList(provider);
  const present = list.find(isOurs);
  if (present !== undefined) return present;
  const processor = new LifecycleSpanProcessor(options);
  try {
    // A new list, because the old one is the array that the application gave.
    active._spanProcessors = [processor, ...list];
  } catch {
    return noList(provider);
  }
  return processor;
}

/** By name too, because there may be a second copy of the class, and one is enough. */
const isOurs = (other: unknown): other is LifecycleSpanProcessor =>
  other instanceof LifecycleSpanProcessor ||
  Object(other).constructor?.name === LifecycleSpanProcessor.name;

function noList(provider: object): undefined {
  warn(
    `The registered tracer provider (${provider.constructor.name}) has no list of span processors that we know: runs and actions made with the API are attributed, but requests and jobs are no runs by themselves, spans below a run inherit nothing, and open spans are not ended at shutdown. If it takes span processors, put new LifecycleSpanProcessor() of @otel-lifecycle/sdk first among them.`,
  );
}

function noProvider(): undefined {
  warn(
    "No tracer provider is registered to attach to: nothing is recorded. Register the SDK first, or start with --import @otel-lifecycle/node/register.",
  );
}

function warnWithoutContextManager(): void {
  if (registeredGlobals().context !== undefined) return;
  warn(
    "No context manager is registered: spans have no parents, and runs are not found by what runs in them. Register AsyncLocalStorageContextManager of @opentelemetry/context-async-hooks with context.setGlobalContextManager().",
  );
}
