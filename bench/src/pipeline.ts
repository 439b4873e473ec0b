import { context, type Tracer, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  type ReadableSpan,
  type Sampler,
  type SpanExporter,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-node";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";

/** A tracer provider with a batch processor of its own, and an exporter that does nothing. */
export interface Pipeline {
  readonly tracer: Tracer;
  /** Makes it the provider that the API, and so our package, finds. */
  register(): void;
  /** Exports what has ended. */
  flush(): Promise<void>;
}

export interface PipelineOptions {
  /** How many ended spans the batch processor keeps. Default: the SDK's own, 2,048. */
  readonly maxQueueSize?: number;
  /** How long the exporter takes to answer, in ms. Default: it answers before it returns. */
  readonly answerMs?: number;
  /** Sees the spans that are exported. */
  readonly onExport?: (spans: readonly ReadableSpan[]) => void;
  /** Default: the SDK's own, which samples everything. */
  readonly sampler?: Sampler;
  /** Stands before the others. */
  readonly first?: SpanProcessor;
  /** What the batch processor is given in the place of the exporter. Default: the exporter. */
  readonly through?: (exporter: SpanExporter) => SpanExporter;
}

/** More spans than any part of the bench ends at once. */
export const LARGE_QUEUE = 262_144;

/** What an application has without us. */
export const createPlainPipeline = (options: PipelineOptions = {}): Pipeline =>
  createPipeline([], options);

/** The same with our processor before the batch processor. */
export const createLifecyclePipeline = (
  options: PipelineOptions = {},
  processor: LifecycleSpanProcessor = new LifecycleSpanProcessor(),
): Pipeline => createPipeline([processor], options);

/** The same with a processor that takes no span as a run by itself. */
export const createPipelineWithoutAutomaticRuns = (): Pipeline =>
  createPipeline([new LifecycleSpanProcessor({ automaticRuns: false })], {});

/** Registers the context manager of Node; both sides share it. */
export const registerContextManager = (): void => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
};

const createPipeline = (
  processors: readonly SpanProcessor[],
  options: PipelineOptions,
): Pipeline => {
  const { maxQueueSize, first, sampler, through = (exporter) => exporter } = options;
  const batch = new BatchSpanProcessor(
    through(createExporter(options)),
    maxQueueSize === undefined ? {} : { maxQueueSize },
  );
  const provider = new NodeTracerProvider({
    spanProcessors: [...(first === undefined ? [] : [first]), ...processors, batch],
    ...(sampler === undefined ? {} : { sampler }),
  });
  return {
    tracer: provider.getTracer("bench"),
    register() {
      trace.disable();
      trace.setGlobalTracerProvider(provider);
    },
    flush: () => provider.forceFlush(),
  };
};

const createExporter = ({ answerMs, onExport }: PipelineOptions): SpanExporter => ({
  export(spans, done) {
    onExport?.(spans);
    if (answerMs === undefined) done(SUCCESS);
    else setTimeout(() => done(SUCCESS), answerMs);
  },
  shutdown: () => Promise.resolve(),
});

const SUCCESS = { code: 0 };
