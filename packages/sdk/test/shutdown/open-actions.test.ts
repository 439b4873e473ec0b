import { BatchSpanProcessor, type NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import {
  createScope,
  processScope,
  type Scope,
  startAction,
  startRun,
  withAction,
} from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { beforeEach, describe, expect, test } from "vitest";
import { attributesNamed, closedBy, counts, documentNamed, documentsOf } from "../span-document.ts";
import { KeepingExporter, registerProvider } from "../tracing.ts";
import { SHUTDOWN } from "./expected.ts";

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

describe("actions that are open at shutdown are ended and exported (rules 8 and 21)", () => {
  test("a signalling one whose runs have not stopped counts them, and has nothing unsettled", async () => {
    startRun({ name: "agent run", scope });
    withAction({ kind: "dispose", scope }, () => undefined);
    await provider.shutdown();
    expect(documentNamed(exported(), "dispose instance")).toMatchObject({
      attributes: {
        "lifecycle.action.result": "completed",
        ...counts({ covered: 1, interrupted: 1 }),
      },
      links: [{ to: "span of agent run", as: "interrupts" }],
    });
    expect(documentNamed(exported(), "interrupt agent run")).toMatchObject({
      parent: "span of dispose instance",
      attributes: { "lifecycle.interrupt.result": "stopped" },
    });
  });

  test("one whose code is not done is unsettled", async () => {
    const recording = startAction({ kind: "reload", scope, interrupt: "record" });
    const signalling = startAction({ kind: "dispose", scope });
    await provider.shutdown();
    const unsettled = { "lifecycle.action.result": "unsettled", ...counts({ covered: 0 }) };
    expect(attributesNamed(exported(), "reload instance")).toMatchObject(unsettled);
    expect(attributesNamed(exported(), "dispose instance")).toMatchObject(unsettled);
    recording.end();
    signalling.end();
    await Promise.all([recording.settled, signalling.settled]);
    expect(exported()).toHaveLength(2);
  });

  test("the application's own shutdown around it is the one that there is (rule 19)", async () => {
    const run = startRun({ name: "agent run", scope });
    const options = {
      kind: "shutdown",
      scope: processScope(),
      trigger: "signal",
      signal: "SIGTERM",
    } as const;
    await withAction(options, () => provider.shutdown());
    expect(run.signal.aborted).toBe(true);
    expect(documentsOf(exported())).toMatchObject([
      {
        name: "agent run",
        attributes: {
          ...closedBy(SHUTDOWN, "shutdown", "signal"),
          "lifecycle.close.via": "shutdown",
        },
      },
      { name: "interrupt agent run" },
      {
        name: SHUTDOWN,
        attributes: {
          "lifecycle.action.signal": "SIGTERM",
          ...counts({ covered: 1, interrupted: 1 }),
        },
      },
    ]);
  });

  test.each<[string, () => void]>([
    [
      "of another scope",
      () => startAction({ kind: "shutdown", scope: createScope({ kind: "instance_store" }) }),
    ],
    [
      "that was over before the run began, and still waits for another",
      () => {
        startRun({ name: "earlier run", scope });
        withAction({ kind: "shutdown", scope: processScope() }, () => undefined);
      },
    ],
  ])("a shutdown action %s leaves no run to nobody", async (_title, before) => {
    before();
    const run = startRun({ name: "agent run", scope });
    await provider.shutdown();
    expect(run.close).toMatchObject({
      type: "lifecycle_action",
      via: "shutdown",
      action: { kind: "shutdown" },
    });
  });
});
