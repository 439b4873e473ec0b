import { context, propagation, type TracerProvider, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { getBooleanFromEnv } from "@opentelemetry/core";
import { LifecycleSpanProcessor, lifecycleSampler, recordMetrics } from "@otel-lifecycle/sdk";
import { type Api, apiCopies } from "./api-copies.ts";
import { type Application, findApplication } from "./application.ts";
import { attach, delegateOf, isNoop } from "./attach.ts";
import { attempt, inform, warn } from "./diagnostics.ts";
import type { LifecycleEnvironment } from "./environment.ts";
import { besideFormer } from "./foreign-pipeline.ts";
import { letLoggerBeReplaced, stepBackForOthers } from "./hand-over.ts";
import { recordIncidentsAs } from "./incidents.ts";
import { instrument } from "./instrumentations.ts";
import { spanLimitsFromEnvironment } from "./limits.ts";
import { createOwnPipeline } from "./own-pipeline.ts";
import { createOwnProvider } from "./own-provider.ts";
import { propagatorFromEnvironment } from "./propagator.ts";
import { registeredGlobals } from "./registered-globals.ts";
import { registration } from "./registration.ts";
import { processResource } from "./resource.ts";
import { defaultSampler, samplerFromEnvironment } from "./sampler.ts";

/** Sets up tracing from the environment, or attaches to the SDK that is registered. Never throws. */
export function setUp(
  environment: LifecycleEnvironment,
  { ownsLogger }: { readonly ownsLogger: boolean },
): void {
  if (getBooleanFromEnv("OTEL_SDK_DISABLED")) {
    inform("OTEL_SDK_DISABLED is set: nothing is recorded.");
    return;
  }
  attempt("tracing could not be set up", () => {
    const application = findApplication();
    const copies = apiCopies(application);
    if (ownsLogger) letLoggerBeReplaced(copies);
    if (isNoop(delegateOf(trace.getTracerProvider()))) setUpOwn(application, copies, environment);
    else attachAs(environment);
    recordMetrics();
    if (environment.incidents !== undefined) recordIncidentsAs(environment.incidents);
  });
}

function attachAs({ automaticRuns, isRescuing, journal }: LifecycleEnvironment): void {
  attach(undefined, { automaticRuns });
  if (journal !== undefined) warn(`OTEL_LIFECYCLE_JOURNAL has no effect ${BESIDE_ANOTHER}`);
  if (!isRescuing) return;
  warn(
    "OTEL_LIFECYCLE_SAMPLER has no effect beside another SDK: wrap its sampler with lifecycleSampler() of @otel-lifecycle/sdk.",
  );
}

const BESIDE_ANOTHER =
  "beside another SDK, because nobody tells what that has sent: open the journal in its code, with openJournal() of @otel-lifecycle/sdk/journal, and give it through(exporter) in the place of its exporter.";

function setUpOwn(
  application: Application,
  copies: readonly Api[],
  { automaticRuns, isRescuing, journal }: LifecycleEnvironment,
): void {
  const processor = new LifecycleSpanProcessor({ automaticRuns });
  const { pipeline, spanProcessors, ...kept } = createOwnPipeline({ processor, journal });
  const sampler = isRescuing
    ? lifecycleSampler(samplerFromEnvironment() ?? defaultSampler())
    : samplerFromEnvironment();
  const own = createOwnProvider({
    resource: processResource(),
    spanLimits: spanLimitsFromEnvironment(),
    spanProcessors,
    ...(sampler === undefined ? {} : { sampler }),
  });
  if (!trace.setGlobalTracerProvider(own.provider)) {
    warn(
      "The API refused our tracer provider: another copy of @opentelemetry/api, of another version, was registered first. Nothing is recorded. Make them one: npm dedupe, or an override of @opentelemetry/api.",
    );
    return;
  }
  registration.provider = own.provider;
  registration.pipeline = pipeline;
  registration.journal = kept.journal;
  let retireInstrumentations = (): void => {};
  stepBackForOthers(copies, {
    ...registerRest(),
    onSuccessor: (successor: TracerProvider) => {
      // Ours, registered again by whoever found it: nobody has come.
      if (delegateOf(successor) === own.provider) return;
      own.giveWayTo(successor);
      retireInstrumentations();
      if (kept.journal !== undefined) {
        warn(`OTEL_LIFECYCLE_JOURNAL has no effect on what begins from here on ${BESIDE_ANOTHER}`);
      }
      // Not shut down: what began in it ends in it, and it sends as before.
      registration.pipeline = besideFormer(attach(successor, { automaticRuns }), pipeline);
    },
  });
  retireInstrumentations = instrument(application);
}

/** What else a tracer provider needs, where nobody has registered it; true for what is ours. */
function registerRest(): { readonly context: boolean; readonly propagation: boolean } {
  const present = registeredGlobals();
  const propagator = propagatorFromEnvironment();
  return {
    context:
      present.context === undefined &&
      context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()),
    propagation:
      present.propagation === undefined &&
      propagator !== undefined &&
      propagation.setGlobalPropagator(propagator),
  };
}
