import { SpanKind, type Tracer } from "@opentelemetry/api";
import { SimpleSpanProcessor, type SpanProcessor } from "@opentelemetry/sdk-trace-node";
import { lifecycleSnapshot, type Scope } from "@otel-lifecycle/api";
import {
  type AutomaticRunOptions,
  LifecycleSpanProcessor,
  type LifecycleSpanProcessorOptions,
  type SdkSpan,
} from "@otel-lifecycle/sdk";
import { afterEach, describe, expect, test } from "vitest";
import { attributesNamed } from "../span-document.ts";
import { capturedDiag, KeepingExporter, registerProvider } from "../tracing.ts";

const exporter = new KeepingExporter();

const register = (automaticRuns: AutomaticRunOptions, ...before: SpanProcessor[]): Tracer => {
  exporter.reset();
  const ours = new LifecycleSpanProcessor({ automaticRuns });
  return registerProvider([...before, ours, new SimpleSpanProcessor(exporter)]).tracer;
};

const exported = (name: string) => attributesNamed(exporter.getFinishedSpans(), name);
const bounded = (what: string) => lifecycleSnapshot().bounded[what] ?? 0;
const completed = { "lifecycle.scope.kind": "process", "lifecycle.run.result": "completed" };

afterEach(() => expect(lifecycleSnapshot().runs).toBe(0));

describe("a wrong option is one clear error at set-up (rule 38)", () => {
  const of = "LifecycleSpanProcessor";
  test.each<[string, unknown, string, string]>([
    [
      "null for the options",
      null,
      "invalid_option",
      `${of}: expected an object of options, given null`,
    ],
    [
      "a text for them",
      "all",
      "invalid_option",
      `${of}: expected an object of options, given "all" (3 characters)`,
    ],
    [
      "an option that nobody knows",
      { automatic: true },
      "unknown_option",
      `${of}: expected the option automaticRuns, given "automatic" (9 characters)`,
    ],
    [
      "a number for automaticRuns",
      { automaticRuns: 1 },
      "invalid_option",
      `${of}: expected as automaticRuns true, false or an object of options, given 1`,
    ],
    ["null for it", { automaticRuns: null }, "invalid_option", "given null"],
    [
      "a function for it",
      { automaticRuns: () => true },
      "invalid_option",
      "as automaticRuns true, false or",
    ],
    [
      "an option of it that nobody knows",
      { automaticRuns: { kind: 1 } },
      "unknown_option",
      "automaticRuns: expected the options kinds, names, select, scope, given",
    ],
    [
      "kinds: no list",
      { automaticRuns: { kinds: 1 } },
      "invalid_option",
      "automaticRuns: expected as kinds a list",
    ],
    ["kinds: a name", { automaticRuns: { kinds: ["SERVER"] } }, "invalid_option", "as kinds"],
    ["kinds: below the first", { automaticRuns: { kinds: [-1] } }, "invalid_option", "kinds"],
    ["kinds: above the last", { automaticRuns: { kinds: [5] } }, "invalid_option", "kinds"],
    ["kinds: not whole", { automaticRuns: { kinds: [1.5] } }, "invalid_option", "kinds"],
    ["names: no list", { automaticRuns: { names: "job" } }, "invalid_option", "as names"],
    ["names: a number", { automaticRuns: { names: [1] } }, "invalid_option", "names"],
    ["names: an empty place", { automaticRuns: { names: [undefined] } }, "invalid_option", "names"],
    ["select: a pattern", { automaticRuns: { select: /job/ } }, "invalid_option", "select"],
    ["scope: a text", { automaticRuns: { scope: "process" } }, "invalid_option", "as scope"],
    ["scope: null", { automaticRuns: { scope: null } }, "invalid_option", "as scope"],
  ])("%s", (_title, options, code, message) => {
    const make = () => new LifecycleSpanProcessor(options as LifecycleSpanProcessorOptions);
    expect(make).toThrow(
      expect.objectContaining({
        name: "LifecycleError",
        code,
        message: expect.stringContaining(message),
      }),
    );
  });

  test.each([[[]], [[SpanKind.SERVER]]])("a list as a whole for an object of options", (list) => {
    const automaticRuns = list as AutomaticRunOptions;
    const make = () => new LifecycleSpanProcessor({ automaticRuns });
    expect(make).toThrow("automaticRuns: expected an object of options, given an array");
  });

  test.each<[string, LifecycleSpanProcessorOptions]>([
    ["none", {}],
    ["undefined for one", { automaticRuns: undefined } as unknown as LifecycleSpanProcessorOptions],
    ["the first kind and the last", { automaticRuns: { kinds: [0, 4] } }],
    ["everything", { automaticRuns: { kinds: [], names: [], select: () => true } }],
  ])("what fits is taken: %s", (_title, options) => {
    expect(() => new LifecycleSpanProcessor(options)).not.toThrow();
  });
});

describe("what the application's functions do harms nobody (rule 38, invariant 3)", () => {
  const throws = (): never => {
    throw new Error("hostile");
  };

  test("a selection that throws selects nothing, is counted and said once", () => {
    const lines = capturedDiag();
    const before = bounded("selection of a run");
    const tracer = register({ select: throws });
    tracer.startSpan("one").end();
    tracer.startSpan("two").end();
    expect([exported("one"), exported("two")]).toEqual([{}, {}]);
    expect(bounded("selection of a run") - before).toBe(2);
    expect(lines).toHaveLength(1);
  });

  test.each([1, "yes", {}, Promise.resolve(true)])("only true selects, not %s", (given) => {
    register({ select: () => given as boolean })
      .startSpan("job")
      .end();
    expect(exported("job")).toEqual({});
  });

  test.each<[string, () => unknown]>([
    ["throws", throws],
    ["gives a text", () => "process"],
    ["gives null", () => null],
    ["gives a promise", () => Promise.resolve()],
    ["gives what throws when it is looked at", () => new Proxy({}, { get: throws })],
  ])("a resolver that %s is counted, and the run is the process's", (title, scope) => {
    capturedDiag();
    const before = total();
    register({ scope: scope as () => Scope | undefined })
      .startSpan(title)
      .end();
    expect(exported(title)).toEqual(completed);
    expect(total() - before).toBe(1);
  });

  test("what they start of their own is left alone", () => {
    let tracer: Tracer | undefined;
    const audit = (span: SdkSpan): void => {
      if (nameOf(span) === "job") tracer?.startSpan("audit").end();
    };
    const scope = (span: SdkSpan) => audit(span) as undefined;
    const select = (span: SdkSpan) => audit(span) === undefined;
    tracer = register({ scope, select });
    tracer.startSpan("job").end();
    const results = exporter.getFinishedSpans().map(({ name, attributes }) => [name, attributes]);
    expect(results).toEqual([
      ["audit", completed],
      ["audit", completed],
      ["job", completed],
    ]);
  });

  test("a span that they end at once is no run, and none stays in flight", () => {
    const end = (span: SdkSpan) => span.end() as undefined;
    register({ scope: end }).startSpan("job").end();
    expect(exported("job")).toEqual({});
  });

  test("neither does one that a processor before ours ends as it begins", () => {
    const nothing = () => Promise.resolve();
    const processor = {
      onStart: (span: SdkSpan) => span.end(),
      onEnd: () => undefined,
      forceFlush: nothing,
      shutdown: nothing,
    };
    register({}, processor).startSpan("job").end();
    expect(exporter.getFinishedSpans()).toHaveLength(1);
  });

  test.each(["", "\ud800", "__proto__", "x".repeat(100_000)])(
    "a name of any text is a name like others",
    (name) => {
      const tracer = register({ names: [name] });
      tracer.startSpan(name).end();
      tracer.startSpan("another").end();
      expect([exported(name), exported("another")]).toEqual([completed, {}]);
    },
  );

  test("a pattern that throws selects nothing, and is counted", () => {
    capturedDiag();
    const before = total();
    const pattern = /job/;
    pattern.test = throws;
    register({ names: [pattern] })
      .startSpan("job")
      .end();
    expect([exported("job"), total() - before]).toEqual([{}, 1]);
  });
});

const total = (): number =>
  Object.values(lifecycleSnapshot().bounded).reduce((sum, count) => sum + count, 0);

const nameOf = (span: object): unknown => (span as { readonly name?: unknown }).name;
