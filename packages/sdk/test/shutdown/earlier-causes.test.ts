import { BatchSpanProcessor, type NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { createScope, type Run, type Scope, startRun, withAction } from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { beforeEach, describe, expect, test } from "vitest";
import { attributesNamed, closedBy, counts, documentNamed } from "../span-document.ts";
import { KeepingExporter, registerProvider } from "../tracing.ts";
import { closedAtShutdown, SHUTDOWN } from "./expected.ts";

let exporter: KeepingExporter;
let provider: NodeTracerProvider;
let scope: Scope;

beforeEach(() => {
  exporter = new KeepingExporter();
  const processors = [new LifecycleSpanProcessor(), new BatchSpanProcessor(exporter)];
  ({ provider } = registerProvider(processors));
  scope = createScope({ kind: "instance" });
});

const exported = () => exporter.getFinishedSpans();

describe("what closed a run before the shutdown stays what closed it (invariant 1)", () => {
  const cancelled = { "lifecycle.close.class": "user_cancel", "lifecycle.close.via": "api" };
  test.each<[string, (run: Run) => void, object, object]>([
    ["its user", (run) => run.cancel(), cancelled, { covered: 1, other: 1 }],
    [
      "itself: it is complete",
      (run) => run.complete(),
      { "lifecycle.run.result": "completed" },
      { covered: 1, completed: 1 },
    ],
    [
      "an action, of which the shutdown's action counts it as closed by another",
      () => withAction({ kind: "dispose", scope }, () => undefined),
      { ...closedBy("dispose instance", "dispose", "unknown"), "lifecycle.close.via": "registry" },
      { covered: 1, other: 1 },
    ],
    [
      "nobody, after an action that only recorded and is over: the shutdown",
      () => withAction({ kind: "reload", scope, interrupt: "record" }, () => undefined),
      closedAtShutdown,
      { covered: 1, interrupted: 1 },
    ],
  ])("%s", async (_title, before, attributes, count) => {
    before(startRun({ name: "agent run", scope }));
    await provider.shutdown();
    expect(attributesNamed(exported(), "agent run")).toMatchObject(attributes);
    expect(attributesNamed(exported(), SHUTDOWN)).toMatchObject(
      counts(count as { covered: number }),
    );
  });

  test("a deadline that has passed, though its timer has not fired", async () => {
    const run = startRun({ name: "agent run", scope, timeoutMs: 1 });
    const due = performance.now() + 2;
    while (performance.now() < due);
    await provider.shutdown();
    expect(run.close).toMatchObject({ type: "timeout", via: "deadline" });
    expect(documentNamed(exported(), "agent run")).toMatchObject({
      status: "ERROR",
      attributes: { "error.type": "timeout", "lifecycle.run.result": "failed" },
    });
  });
});
