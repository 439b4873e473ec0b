import {
  type Context,
  INVALID_SPAN_CONTEXT,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  trace,
} from "@opentelemetry/api";
import { NoopSpanProcessor, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import {
  createScope,
  lifecycleSnapshot,
  type Scope,
  startAction,
  startRun,
  withAction,
  withRun,
} from "@otel-lifecycle/api";
import { LifecycleSpanProcessor, type SdkSpan } from "@otel-lifecycle/sdk";
import { beforeEach, describe, expect, test } from "vitest";
import { attributesNamed, closedBy, counts } from "../span-document.ts";
import { KeepingExporter, registerProvider } from "../tracing.ts";

let scope: Scope;
beforeEach(() => {
  scope = createScope({ kind: "instance" });
});

const throws = (): never => {
  throw new Error("hostile");
};

/** Every property that anybody looks at throws. */
const throwing = (): object => new Proxy({}, { get: throws, has: throws, set: throws });

// Casts, because a hostile value is one that has not the type it should have.
const asSpan = (value: unknown): SdkSpan => value as SdkSpan;
const asContext = (value: unknown): Context => value as Context;

const nonRecording = () => trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
const spans: readonly (readonly [string, () => SdkSpan])[] = [
  ["a frozen span", () => Object.freeze(nonRecording())],
  ["a span whose every property throws", () => asSpan(throwing())],
  ["a span without methods", () => asSpan({})],
  ["a span that is undefined", () => asSpan(undefined)],
  ["a span that is a string", () => asSpan("span")],
  ["a span whose setters throw", () => Object.assign(nonRecording(), { setAttributes: throws })],
  ["a span that does not record", nonRecording],
];
const contexts: readonly (readonly [string, () => Context])[] = [
  ["the root context", () => ROOT_CONTEXT],
  ["a run's context", () => startRun({ name: "agent run", scope }).context],
  ["a context that throws", () => asContext(throwing())],
  ["a context that is undefined", () => asContext(undefined)],
  ["a context without methods", () => asContext({})],
  ["a context that answers everything", () => asContext({ getValue: () => ({}) })],
];
const pairs = spans.flatMap(([spanTitle, span]) =>
  contexts.map(([title, context]) => [spanTitle, title, span, context] as const),
);

describe("no hook throws into the host (rule 38)", () => {
  test.each(pairs)("%s in %s", (_span, _context, makeSpan, makeContext) => {
    const processor = new LifecycleSpanProcessor();
    const span = makeSpan();
    const context = makeContext();
    expect(() => {
      processor.onStart(span, context);
      processor.onEnding(span);
      processor.onEnd(span);
    }).not.toThrow();
  });

  test("what it could not do is counted", () => {
    const before = lifecycleSnapshot().bounded["start of a span"] ?? 0;
    new LifecycleSpanProcessor().onStart(nonRecording(), asContext(throwing()));
    expect(lifecycleSnapshot().bounded["start of a span"]).toBe(before + 1);
  });
});

describe("a hostile span that is adopted harms nobody (rule 38)", () => {
  const spanContext = (): SpanContext => INVALID_SPAN_CONTEXT;
  test.each<[string, () => Span]>([
    ["frozen, and recording", () => frozenRecordingSpan()],
    ["with a span context and nothing else", () => asSpan({ spanContext })],
    [
      "whose attributes cannot be set",
      () => Object.assign(nonRecording(), { setAttributes: throws }),
    ],
    ["whose span context throws", () => Object.assign(nonRecording(), { spanContext: throws })],
    ["whose isRecording throws", () => Object.assign(nonRecording(), { isRecording: throws })],
    ["whose every property throws", () => asSpan(throwing())],
  ])("%s", (_title, makeSpan) => {
    const { runs } = lifecycleSnapshot();
    const span = makeSpan();
    expect(() => {
      const run = startRun({ span, scope, name: "adopted" });
      run.with(() => undefined);
      withAction({ kind: "dispose", scope }, () => undefined);
      run.end();
    }).not.toThrow();
    expect(lifecycleSnapshot().runs).toBe(runs);
  });

  const frozenRecordingSpan = (): Span =>
    Object.freeze(Object.assign(nonRecording(), { isRecording: () => true }));
});

class ThrowingProcessor extends NoopSpanProcessor {
  readonly #hook: "onStart" | "onEnding" | "onEnd";

  constructor(hook: "onStart" | "onEnding" | "onEnd") {
    super();
    this.#hook = hook;
  }

  override onStart(span: Span): void {
    this.#throwFor("onStart", span);
  }
  onEnding(span: Span): void {
    this.#throwFor("onEnding", span);
  }
  override onEnd(span: object): void {
    this.#throwFor("onEnd", span);
  }

  #throwFor(hook: string, span: object): void {
    if (hook === this.#hook && "name" in span && span.name === "unlucky run") throws();
  }
}

describe("another processor that throws costs its span, and nothing else (rule 10)", () => {
  test.each([["onStart"], ["onEnding"], ["onEnd"]] as const)("in %s", async (hook) => {
    const exporter = new KeepingExporter();
    registerProvider([
      new LifecycleSpanProcessor(),
      new ThrowingProcessor(hook),
      new SimpleSpanProcessor(exporter),
    ]);
    const result = withRun({ name: "unlucky run", scope }, () => "the host's own");
    const unlucky = startRun({ name: "unlucky run", scope });
    const lucky = startRun({ name: "lucky run", scope });
    const action = startAction({ kind: "dispose", scope, trigger: "http" });
    unlucky.fail(unlucky.signal.reason);
    lucky.fail(lucky.signal.reason);
    action.end();
    // A turn of the event loop is all that it may take: nobody is left to wait for.
    const settled = await Promise.race([action.settled.then(() => true), turns()]);

    expect([result, unlucky.close?.type, settled]).toEqual([
      "the host's own",
      "lifecycle_action",
      true,
    ]);
    expect(attributesNamed(exporter.getFinishedSpans(), "lucky run")).toMatchObject(
      closedBy("dispose instance", "dispose", "http"),
    );
    expect(attributesNamed(exporter.getFinishedSpans(), "dispose instance")).toMatchObject(
      counts({ covered: 2, interrupted: 2 }),
    );
  });

  const turns = async (): Promise<false> => {
    for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
    return false;
  };
});

describe("a span that refuses the stamp is ended all the same (invariant 3)", () => {
  test.each<[string, (span: Span) => void]>([
    ["its setAttributes throws", (span) => Object.assign(span, { setAttributes: throws })],
    ["its addLink throws", (span) => Object.assign(span, { addLink: throws })],
    [
      "its attributes are frozen",
      (span) => {
        const { attributes } = span as unknown as { attributes: object };
        Object.assign(span, { attributes: Object.freeze({ ...attributes }) });
      },
    ],
  ])("%s", (_title, spoil) => {
    const exporter = new KeepingExporter();
    registerProvider([new SimpleSpanProcessor(exporter)]);
    const run = startRun({ name: "agent run", scope });
    spoil(run.span);
    withAction({ kind: "dispose", scope }, () => undefined);
    run.fail(run.signal.reason);
    const names = exporter.getFinishedSpans().map((span) => span.name);
    expect(names.sort()).toEqual(["agent run", "dispose instance", "interrupt agent run"]);
  });
});
