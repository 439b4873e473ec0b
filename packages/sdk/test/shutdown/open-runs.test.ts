import { type Tracer, trace } from "@opentelemetry/api";
import {
  BatchSpanProcessor,
  type NodeTracerProvider,
  NoopSpanProcessor,
  type ReadableSpan,
  type SpanProcessor,
} from "@opentelemetry/sdk-trace-node";
import {
  createScope,
  lifecycleSnapshot,
  type Run,
  type Scope,
  startRun,
  withRun,
} from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { beforeEach, describe, expect, test } from "vitest";
import {
  attributesNamed,
  counts,
  documentNamed,
  documentsOf,
  inheritedFrom,
} from "../span-document.ts";
import { KeepingExporter, registerProvider } from "../tracing.ts";
import { closedAtShutdown, SHUTDOWN, shutdownAction } from "./expected.ts";

let exporter: KeepingExporter;
let provider: NodeTracerProvider;
let tracer: Tracer;
let scope: Scope;

beforeEach(() => {
  exporter = new KeepingExporter();
  const processors = [new LifecycleSpanProcessor(), new BatchSpanProcessor(exporter)];
  ({ provider, tracer } = registerProvider(processors));
  scope = createScope({ kind: "instance" });
});

const exported = () => exporter.getFinishedSpans();

describe("what is open at shutdown is ended, and exported by the processor behind (rule 21)", () => {
  test("runs, what is below them, adopted spans and the shutdown itself, whole", async () => {
    const run = startRun({ name: "agent run", scope, id: "r1" });
    run.with(() =>
      tracer.startActiveSpan("chat model", () => {
        tracer.startSpan("http request");
      }),
    );
    const span = tracer.startSpan("invoke_agent planner");
    startRun({ span, scope, id: "r2" });
    await provider.shutdown();

    const interrupt = (name: string, id: string) => ({
      name: `interrupt ${name}`,
      parent: `span of ${SHUTDOWN}`,
      status: "UNSET",
      attributes: {
        "lifecycle.run.id": id,
        "lifecycle.interrupt.duration": "seconds",
        "lifecycle.interrupt.result": "stopped",
      },
      links: [{ to: `span of ${name}`, as: "interrupts" }],
    });
    const closed = (name: string, id: string) => ({
      name,
      parent: undefined,
      status: "UNSET",
      attributes: {
        "lifecycle.scope.kind": "instance",
        "lifecycle.run.id": id,
        ...closedAtShutdown,
      },
      links: [{ to: `span of ${SHUTDOWN}`, as: "closed_by" }],
    });
    const below = (name: string, parent: string) => ({
      name,
      parent: `span of ${parent}`,
      status: "UNSET",
      attributes: inheritedFrom(SHUTDOWN, "shutdown", "runtime"),
      links: [],
    });
    expect(documentsOf(exported())).toEqual([
      closed("agent run", "r1"),
      below("chat model", "agent run"),
      below("http request", "chat model"),
      interrupt("agent run", "r1"),
      interrupt("invoke_agent planner", "r2"),
      closed("invoke_agent planner", "r2"),
      shutdownAction({ covered: 2, interrupted: 2 }, ["agent run", "invoke_agent planner"]),
    ]);
    expect(lifecycleSnapshot()).toMatchObject({ runs: 0, actions: 0 });
  });

  test("a run inside a run is closed by it as well", async () => {
    const outer = startRun({ name: "outer run", scope });
    outer.with(() => startRun({ name: "inner run" }));
    await provider.shutdown();
    expect(attributesNamed(exported(), "outer run")).toMatchObject(closedAtShutdown);
    expect(attributesNamed(exported(), "inner run")).toMatchObject(closedAtShutdown);
    expect(documentNamed(exported(), SHUTDOWN)).toMatchObject({
      attributes: counts({ covered: 2, interrupted: 2 }),
    });
  });

  test("where nothing is open there is no shutdown to tell of", async () => {
    startRun({ name: "agent run", scope }).end();
    await provider.shutdown();
    expect(exported().map((span) => span.name)).toEqual(["agent run"]);
  });

  test("in the code of a run it is that run's as well", async () => {
    await withRun({ name: "agent run", scope }, () => provider.shutdown());
    expect(attributesNamed(exported(), "agent run")).toMatchObject(closedAtShutdown);
    expect(documentNamed(exported(), SHUTDOWN)).toEqual(
      shutdownAction({ covered: 1, interrupted: 1 }, ["agent run"]),
    );
  });

  test("a second shutdown ends and exports nothing more", async () => {
    startRun({ name: "agent run", scope });
    await provider.shutdown();
    startRun({ name: "late run", scope }).end();
    const late = startRun({ name: "later run", scope });
    await provider.shutdown();
    expect(late.close).toBeUndefined();
    late.end();
    const names = exported().map((span) => span.name);
    expect(names.sort()).toEqual(["agent run", "interrupt agent run", SHUTDOWN]);
  });

  test("a run is, though a processor before ours started another when its span began", async () => {
    const audit: SpanProcessor = new (class extends NoopSpanProcessor {
      override onStart({ name }: { readonly name: string }): void {
        if (name === "agent run") startRun({ name: "audit", scope }).end();
      }
    })();
    const ours = [new LifecycleSpanProcessor(), new BatchSpanProcessor(exporter)];
    trace.disable();
    ({ provider } = registerProvider([audit, ...ours]));
    startRun({ name: "agent run", scope });
    await provider.shutdown();
    expect(attributesNamed(exported(), "agent run")).toMatchObject(closedAtShutdown);
  });

  test("what begins below a run afterwards is the host's own, and inherits nothing", async () => {
    const ended: ReadableSpan[] = [];
    const keeping: SpanProcessor = new (class extends NoopSpanProcessor {
      override onEnd(span: ReadableSpan): void {
        ended.push(span);
      }
    })();
    trace.disable();
    ({ provider, tracer } = registerProvider([new LifecycleSpanProcessor(), keeping]));
    const chat = (run: Run) => run.with(() => tracer.startSpan("chat model"));
    const close = () => {
      const run = startRun({ name: "agent run", scope });
      const below = chat(run);
      run.cancel();
      below.end();
      run.end();
    };
    close();
    await provider.shutdown();
    close();
    const below = ended.filter(({ name }) => name === "chat model");
    expect(below.map(({ attributes }) => attributes)).toEqual([
      { "lifecycle.close.inherited_class": "user_cancel" },
      {},
    ]);
  });

  test("the runs are exported before what is below them, and their action always, if the queue is short", async () => {
    // 700 runs, their interrupt spans and the action fit into the default queue of 2,048; what is
    // below does not.
    for (let number = 0; number < 700; number += 1) {
      startRun({ name: "agent run", scope }).with(() => {
        tracer.startSpan("chat model");
        tracer.startSpan("tool");
      });
    }
    await provider.shutdown();
    const byName = (name: string) => exported().filter((span) => span.name === name).length;
    expect({ runs: byName("agent run"), actions: byName(SHUTDOWN) }).toEqual({
      runs: 700,
      actions: 1,
    });
  });
});
