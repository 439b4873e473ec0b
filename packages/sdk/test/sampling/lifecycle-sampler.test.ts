import {
  type Attributes,
  type Context,
  createTraceState,
  INVALID_SPAN_CONTEXT,
  ROOT_CONTEXT,
  SpanKind,
  TraceFlags,
  trace,
} from "@opentelemetry/api";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  NodeTracerProvider,
  ParentBasedSampler,
  SamplingDecision,
  type SamplingResult,
  type Sampler as SdkSampler,
} from "@opentelemetry/sdk-trace-node";
import { LifecycleError, lifecycleSnapshot, startRun } from "@otel-lifecycle/api";
import { lifecycleSampler, type Sampler } from "@otel-lifecycle/sdk";
import { describe, expect, expectTypeOf, test } from "vitest";
import { registerProvider } from "../tracing.ts";

const { NOT_RECORD, RECORD, RECORD_AND_SAMPLED } = SamplingDecision;
const TRACE = "0af7651916cd43dd8448eb211c80319c";
const MARK = { "lifecycle.sampling.rescued": false };

const below = (traceFlags: TraceFlags, isRemote: boolean): Context =>
  trace.setSpanContext(ROOT_CONTEXT, {
    traceId: TRACE,
    spanId: "b7ad6b7169203331",
    traceFlags,
    isRemote,
  });
const ask = (sampler: Sampler, parent: Context, attributes: Attributes = {}) =>
  sampler.shouldSample(parent, TRACE, "span", SpanKind.INTERNAL, attributes, []);
const deciding = (result: SamplingResult): Sampler => ({
  shouldSample: () => result,
  toString: () => "deciding",
});

const { NONE, SAMPLED } = TraceFlags;
const off = new ParentBasedSampler({ root: new AlwaysOffSampler() });

describe("what is dropped is recorded if it is a local root (rule 22)", () => {
  test.each<[string, Context, SamplingResult]>([
    ["without a parent: recorded", ROOT_CONTEXT, { decision: RECORD, attributes: MARK }],
    [
      "below an invalid span: recorded",
      trace.setSpanContext(ROOT_CONTEXT, INVALID_SPAN_CONTEXT),
      { decision: RECORD, attributes: MARK },
    ],
    [
      "below a remote span that was dropped: recorded",
      below(NONE, true),
      { decision: RECORD, attributes: MARK },
    ],
    [
      "below a remote span that was sampled: sampled",
      below(SAMPLED, true),
      { decision: RECORD_AND_SAMPLED },
    ],
    ["below a local span that was dropped: dropped", below(NONE, false), { decision: NOT_RECORD }],
    [
      "below a local span that was sampled: sampled",
      below(SAMPLED, false),
      { decision: RECORD_AND_SAMPLED },
    ],
  ])("%s", (_title, parent, result) => {
    expect(ask(lifecycleSampler(off), parent)).toEqual(result);
  });

  test.each([RECORD, RECORD_AND_SAMPLED])("decision %d is passed on as it is", (decision) => {
    const result = { decision, attributes: { inner: 1 } };
    expect(ask(lifecycleSampler(deciding(result)), ROOT_CONTEXT)).toBe(result);
  });

  test("the inner sampler's attributes and trace state are passed on", () => {
    const traceState = createTraceState("ot=th:fd");
    const inner = deciding({ decision: NOT_RECORD, attributes: { ratio: 0.01 }, traceState });
    expect(ask(lifecycleSampler(inner), ROOT_CONTEXT)).toEqual({
      decision: RECORD,
      attributes: { ratio: 0.01, ...MARK },
      traceState,
    });
  });

  test("around itself it is the same", () => {
    expect(ask(lifecycleSampler(lifecycleSampler(off)), ROOT_CONTEXT)).toEqual({
      decision: RECORD,
      attributes: MARK,
    });
  });

  test("with a root span asked for below another it is a local root", () => {
    const { tracer } = registerProvider([], { sampler: lifecycleSampler(off) });
    const recording = (root: boolean): boolean =>
      tracer.startSpan("job", { root }, below(NONE, false)).isRecording();
    expect([recording(true), recording(false)]).toEqual([true, false]);
  });

  test("it says what it is around", () => {
    expect(String(lifecycleSampler(new AlwaysOnSampler()))).toBe(
      "LifecycleSampler{AlwaysOnSampler}",
    );
  });
});

describe("what is wrong with the inner sampler (rule 38)", () => {
  test.each([
    ["undefined", undefined, "a value of type undefined"],
    ["a ratio", 0.1, "0.1"],
    ["a class", AlwaysOnSampler, "a value of type function"],
    ["an object", {}, "a value of type object"],
  ])("%s instead of one is refused at set-up, with what was given", (_title, given, shown) => {
    const make = () => lifecycleSampler(given as unknown as Sampler);
    expect(make).toThrow(LifecycleError);
    expect(make).toThrow(
      `lifecycleSampler: expected a sampler, an object with shouldSample(), such as new ParentBasedSampler({ root }), given ${shown}`,
    );
  });

  const throwing: Sampler = {
    shouldSample: () => {
      throw new RangeError("inner");
    },
    toString: () => "throwing",
  };
  const giving = (result: unknown): Sampler => deciding(result as SamplingResult);

  test.each([
    ["one that throws", throwing],
    ["one that gives nothing", giving(undefined)],
  ])("%s does to the host what it does without us", (_title, inner) => {
    const outcome = (sampler: Sampler): string => {
      const { tracer } = registerProvider([], { sampler });
      try {
        return String(tracer.startSpan("span").isRecording());
      } catch (error) {
        return String(error);
      }
    };
    expect(outcome(lifecycleSampler(inner))).toBe(outcome(inner));
  });

  test("one that throws costs a run of ours its span, not the run", () => {
    registerProvider([], { sampler: lifecycleSampler(throwing) });
    startRun({ name: "agent run" }).end();
    expect(lifecycleSnapshot().runs).toBe(0);
  });
});

test("the SDK's types take the sampler without a cast, and it takes theirs", () => {
  expectTypeOf<Sampler>().toExtend<SdkSampler>();
  expectTypeOf<SdkSampler>().toExtend<Sampler>();
  const provider = new NodeTracerProvider({ sampler: lifecycleSampler(new AlwaysOnSampler()) });
  expect(provider).toBeDefined();
});
