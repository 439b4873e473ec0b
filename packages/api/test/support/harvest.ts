import { SpanStatusCode } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-node";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";

/** A finished span in which names stand for ids, so that whole spans can be compared. */
export interface PlainSpan {
  readonly name: string;
  /** The name of the span around it. */
  readonly parent: string | undefined;
  readonly status: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** `closed_by dispose instance`: the type of the link, and the name of the span at its other end. */
  readonly links: readonly string[];
}

/** What the registered provider has exported. */
export interface Harvest {
  /** The finished spans, in the order in which they ended. */
  raw(): readonly ReadableSpan[];
  spans(): readonly PlainSpan[];
  /** The only finished span of that name. */
  span(name: string): PlainSpan;
  rawSpan(name: string): ReadableSpan;
  /** Every finished span whose name begins so. */
  named(prefix: string): readonly PlainSpan[];
  reset(): void;
  shutdown(): Promise<void>;
}

/** Registers a real provider with the real processor, as an application does at its start. */
export function registerHarvest(...others: readonly SpanProcessor[]): Harvest {
  const exporter = new InMemorySpanExporter();
  const provider = new NodeTracerProvider({
    spanProcessors: [new LifecycleSpanProcessor(), ...others, new SimpleSpanProcessor(exporter)],
  });
  provider.register({ contextManager: new AsyncLocalStorageContextManager() });
  const raw = () => exporter.getFinishedSpans();
  const rawSpan = (name: string) => only(raw(), name);
  const plain = (span: ReadableSpan) => plainSpan(span, raw());
  return {
    raw,
    rawSpan,
    spans: () => raw().map(plain),
    span: (name) => plain(rawSpan(name)),
    named: (prefix) => {
      const found = raw().filter((span) => span.name.startsWith(prefix));
      return found.map(plain);
    },
    reset: () => exporter.reset(),
    shutdown: () => provider.shutdown(),
  };
}

/** When a span began and ended, in ms of the epoch. */
export function timesOf(span: ReadableSpan): readonly [begin: number, end: number] {
  return [milliseconds(span.startTime), milliseconds(span.endTime)];
}

const ACTION_IDS = [
  "lifecycle.action.id",
  "lifecycle.action.parent_id",
  "lifecycle.action.root_id",
  "lifecycle.close.action.id",
];

function plainSpan(span: ReadableSpan, all: readonly ReadableSpan[]): PlainSpan {
  const nameOf = (spanId: string | undefined) =>
    all.find((other) => other.spanContext().spanId === spanId)?.name ?? spanId;
  return {
    name: span.name,
    parent: nameOf(span.parentSpanContext?.spanId),
    status: SpanStatusCode[span.status.code],
    attributes: Object.fromEntries(
      Object.entries(span.attributes).map(([name, value]) => [name, named(name, value, all)]),
    ),
    links: span.links.map(
      ({ context, attributes }) =>
        `${attributes?.["lifecycle.link.type"]} ${nameOf(context.spanId)}`,
    ),
  };
}

function named(name: string, value: unknown, all: readonly ReadableSpan[]): unknown {
  const matches = (span: ReadableSpan): boolean => {
    if (ACTION_IDS.includes(name)) return span.attributes["lifecycle.action.id"] === value;
    if (name.endsWith(".span_id")) return span.spanContext().spanId === value;
    const isAction = span.attributes["lifecycle.action.id"] !== undefined;
    return name.endsWith(".trace_id") && isAction && span.spanContext().traceId === value;
  };
  return all.find(matches)?.name ?? value;
}

function only(spans: readonly ReadableSpan[], name: string): ReadableSpan {
  const [found, ...more] = spans.filter((span) => span.name === name);
  if (found === undefined || more.length > 0) {
    const names = spans.map((span) => span.name).join(", ");
    throw new Error(`expected one span "${name}", there are: ${names}`);
  }
  return found;
}

function milliseconds([seconds, nanos]: readonly [number, number]): number {
  return seconds * 1000 + nanos / 1e6;
}
