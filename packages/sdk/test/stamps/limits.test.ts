import type { Attributes, Link, Tracer } from "@opentelemetry/api";
import { SimpleSpanProcessor, type SpanLimits } from "@opentelemetry/sdk-trace-node";
import { createScope, startRun, withAction } from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { describe, expect, test } from "vitest";
import {
  attributesNamed,
  closedBy,
  counts,
  documentNamed,
  inheritedFrom,
} from "../span-document.ts";
import { KeepingExporter, registerProvider } from "../tracing.ts";

const LIMIT = 128;
const scope = createScope({ kind: "instance" });
const exporter = new KeepingExporter();

const register = (spanLimits: SpanLimits = {}): Tracer => {
  exporter.reset();
  const processors = [new LifecycleSpanProcessor(), new SimpleSpanProcessor(exporter)];
  return registerProvider(processors, { spanLimits }).tracer;
};

const userAttributes = (count: number): Attributes =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`user.${index}`, index]));

const exported = (name: string) => attributesNamed(exporter.getFinishedSpans(), name);
const dispose = (): void =>
  withAction({ kind: "dispose", scope, trigger: "http" }, () => undefined);

const identity = { "lifecycle.run.id": "r1", "lifecycle.scope.kind": "instance" };
const completed = { ...identity, "lifecycle.run.result": "completed" };
const interrupted = {
  ...identity,
  "lifecycle.run.result": "interrupted",
  ...closedBy("dispose instance", "dispose", "http"),
  "lifecycle.close.confidence": "high",
  "lifecycle.close.via": "error",
  "lifecycle.interrupt.duration": "seconds",
};
const failed = {
  ...identity,
  "error.type": "TypeError",
  "lifecycle.run.result": "failed",
  "lifecycle.close.class": "error",
  "lifecycle.close.confidence": "high",
  "lifecycle.close.via": "error",
};
const disposed = {
  "lifecycle.scope.kind": "instance",
  "lifecycle.action.id": "id of dispose instance",
  "lifecycle.action.kind": "dispose",
  "lifecycle.action.trigger": "http",
  "lifecycle.action.result": "completed",
};

describe("a span at its attribute limit carries the whole stamp (issue: packages/sdk)", () => {
  test.each<[string, number, SpanLimits]>([
    ["one attribute below the limit", LIMIT - 3, {}],
    ["at the limit of 128", LIMIT, {}],
    ["with a limit of 1", 1, { attributeCountLimit: 1 }],
    ["with a limit of 0", 0, { attributeCountLimit: 0 }],
  ])("a run, %s", (_title, count, limits) => {
    register(limits);
    const options = { scope, id: "r1" };
    const done = startRun({ ...options, name: "done" });
    const stopped = startRun({ ...options, name: "stopped" });
    const broken = startRun({ ...options, name: "broken" });
    for (const run of [done, stopped, broken]) run.span.setAttributes(userAttributes(count));
    done.end();
    broken.fail(new TypeError("no"));
    dispose();
    stopped.fail(stopped.signal.reason);

    expect(exported("done")).toMatchObject(completed);
    expect(exported("broken")).toMatchObject(failed);
    expect(exported("stopped")).toMatchObject(interrupted);
    expect(exported("dispose instance")).toEqual({
      ...disposed,
      ...counts({ covered: 1, interrupted: 1 }),
    });
  });

  test.each([
    ["at the limit of 128", LIMIT, {}],
    ["with a limit of 1", 1, { attributeCountLimit: 1 }],
  ])("an adopted span and one below it, %s", (_title, count, limits) => {
    const tracer = register(limits);
    const span = tracer.startSpan("adopted", { attributes: userAttributes(count) });
    const run = startRun({ span, scope, id: "r1" });
    const below = run.with(() => tracer.startSpan("below", { attributes: userAttributes(count) }));
    dispose();
    below.end();
    run.fail(run.signal.reason);
    span.end();

    const user = userAttributes(count);
    expect(exported("adopted")).toEqual({
      ...user,
      ...interrupted,
      "lifecycle.close.error.type": "AbortError",
    });
    const inherited = inheritedFrom("dispose instance", "dispose", "http");
    expect(exported("below")).toEqual({ ...user, ...inherited });
  });

  test("a run and an action whose own options fill the span keep what is set at the start", () => {
    register();
    const spanOptions = { attributes: userAttributes(LIMIT) };
    const run = startRun({ name: "full", scope, id: "r1", spanOptions });
    withAction({ kind: "dispose", scope, trigger: "http", spanOptions }, () => undefined);
    run.fail(run.signal.reason);
    expect(exported("full")).toMatchObject(interrupted);
    expect(exported("dispose instance")).toMatchObject(disposed);
  });

  test("nothing that was on the span before is lost", () => {
    register();
    const run = startRun({ name: "full", scope, id: "r1" });
    run.span.setAttributes(userAttributes(LIMIT - 2));
    run.end();
    expect(exported("full")).toEqual({ ...userAttributes(LIMIT - 2), ...completed });
  });
});

describe("a span at its link limit keeps the link that says who closed it", () => {
  const links = (count: number): Link[] =>
    Array.from({ length: count }, (_, index) => ({
      context: {
        traceId: "0af7651916cd43dd8448eb211c80319c",
        spanId: (index + 1).toString(16).padStart(16, "0"),
        traceFlags: 1,
      },
    }));
  const close = { to: "span of dispose instance", as: "closed_by" };

  test.each<[string, number, SpanLimits, number]>([
    ["with room for one more", LIMIT - 1, {}, LIMIT],
    ["at the limit of 128, where the SDK drops the oldest", LIMIT, {}, LIMIT],
    ["with a limit of 1", 1, { linkCountLimit: 1 }, 1],
  ])("%s", (_title, given, limits, kept) => {
    register(limits);
    const run = startRun({ name: "linked", scope, spanOptions: { links: links(given) } });
    dispose();
    run.fail(run.signal.reason);
    const found = documentNamed(exporter.getFinishedSpans(), "linked").links;
    expect(found).toHaveLength(kept);
    expect(found).toContainEqual(close);
  });

  test("with a limit of 0 the attributes still name the action", () => {
    register({ linkCountLimit: 0 });
    const run = startRun({ name: "linked", scope, id: "r1" });
    dispose();
    run.fail(run.signal.reason);
    expect(documentNamed(exporter.getFinishedSpans(), "linked")).toMatchObject({
      attributes: interrupted,
      links: [],
    });
  });
});
