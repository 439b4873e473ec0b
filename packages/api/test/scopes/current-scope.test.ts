import { setTimeout } from "node:timers/promises";
import { context, type Span, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import {
  InMemorySpanExporter,
  NodeTracerProvider,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-node";
import {
  createScope,
  lifecycleSnapshot,
  processScope,
  type Scope,
  startRun,
  withAction,
  withRun,
  withScope,
} from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

const outer = createScope({ kind: "queue" });
const inner = createScope({ kind: "tenant" });

const scopeOfNext = (): Scope => withRun({ name: "run" }, (run) => run.scope);

describe.each(["with a context manager", "without one"])("withScope, %s (rule 16)", (manager) => {
  beforeEach(() => {
    if (manager === "without one") return;
    context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  });
  afterEach(() => context.disable());

  test("what begins in it and is given no scope is in it, also later", async () => {
    const scopes = await withScope(outer, async () => {
      const now = scopeOfNext();
      await setTimeout(1);
      return [now, scopeOfNext()];
    });
    expect(scopes).toEqual([outer, outer]);
    expect(scopeOfNext()).toBe(processScope());
  });

  test("a scope that is given goes before it", () => {
    expect(withScope(outer, () => withRun({ name: "run", scope: inner }, (run) => run.scope))).toBe(
      inner,
    );
  });

  test("the nearest holds: the scope in a run, and the run in a scope", () => {
    expect(withScope(outer, () => withScope(inner, scopeOfNext))).toBe(inner);
    expect(withRun({ name: "run", scope: inner }, () => withScope(outer, scopeOfNext))).toBe(outer);
    expect(withScope(outer, () => withRun({ name: "run", scope: inner }, scopeOfNext))).toBe(inner);
  });

  test("gives what the function gives, and throws what it throws", () => {
    const error = new Error("no");
    expect(withScope(outer, () => 7)).toBe(7);
    expect(() =>
      withScope(outer, () => {
        throw error;
      }),
    ).toThrow(error);
  });

  test("what is no scope is counted, and changes nothing (rule 38)", () => {
    const before = lifecycleSnapshot().bounded["current scope"] ?? 0;
    expect(withScope({ kind: "queue" } as Scope, scopeOfNext)).toBe(processScope());
    expect(lifecycleSnapshot().bounded["current scope"]).toBe(before + 1);
  });
});

describe("a local root span of another instrumentation in withScope (rule 16)", () => {
  const exporter = new InMemorySpanExporter();
  beforeEach(() => {
    const processors = [new LifecycleSpanProcessor(), new SimpleSpanProcessor(exporter)];
    new NodeTracerProvider({ spanProcessors: processors }).register({
      contextManager: new AsyncLocalStorageContextManager(),
    });
  });
  afterEach(() => {
    trace.disable();
    context.disable();
    exporter.reset();
  });
  const job = (): Span => trace.getTracer("queue").startSpan("job");

  test("is covered with the scope, and not by an action on another", () => {
    const span = withScope(outer, job);
    const elsewhere = startRun({ name: "elsewhere", scope: inner });
    withAction({ kind: "dispose", scope: inner }, () => undefined);
    elsewhere.end();
    withAction({ kind: "dispose", scope: outer }, () => span.end());
    const found = exporter.getFinishedSpans().find(({ name }) => name === "job");
    expect(found?.attributes).toMatchObject({
      "lifecycle.scope.kind": "queue",
      "lifecycle.run.result": "interrupted",
      "lifecycle.close.action.kind": "dispose",
    });
  });
});
