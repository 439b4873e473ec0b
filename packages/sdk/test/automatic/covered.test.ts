import { type Span, SpanStatusCode, type Tracer } from "@opentelemetry/api";
import { SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import {
  type Action,
  createScope,
  lifecycleSnapshot,
  type Scope,
  startAction,
  startRun,
  withAction,
} from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { attributesNamed, closedBy, counts, documentNamed, documentsOf } from "../span-document.ts";
import { KeepingExporter, registerProvider } from "../tracing.ts";
import { within } from "./within.ts";

const ACTION = "dispose instance";

let exporter: KeepingExporter;
let tracer: Tracer;
let scope: Scope;

beforeEach(() => {
  exporter = new KeepingExporter();
  scope = createScope({ kind: "instance" });
  ({ tracer } = registerProvider([
    new LifecycleSpanProcessor({ automaticRuns: { scope: () => scope } }),
    new SimpleSpanProcessor(exporter),
  ]));
});

afterEach(() => expect(lifecycleSnapshot()).toMatchObject({ runs: 0, actions: 0 }));

const spans = () => exporter.getFinishedSpans();
const exported = (name: string) => attributesNamed(spans(), name);
const dispose = (): Action => startAction({ kind: "dispose", scope, trigger: "http" });
const recordReload = (): Action =>
  startAction({ kind: "reload", scope, trigger: "http", interrupt: "record" });

const completed = { "lifecycle.scope.kind": "instance", "lifecycle.run.result": "completed" };
const fail = (span: Span): void => {
  span.setStatus({ code: SpanStatusCode.ERROR }).end();
};

describe("an automatic run is never asked: the cover stands for it (rules 5, 16 and 17)", () => {
  test("one that ends with an error while covered is the action's, whole", () => {
    const job = tracer.startSpan("job");
    const action = dispose();
    fail(job);
    action.end();
    expect(documentsOf(spans())).toEqual([
      {
        name: ACTION,
        parent: undefined,
        status: "UNSET",
        attributes: {
          "lifecycle.scope.kind": "instance",
          "lifecycle.action.id": `id of ${ACTION}`,
          "lifecycle.action.kind": "dispose",
          "lifecycle.action.trigger": "http",
          "lifecycle.action.result": "completed",
          ...counts({ covered: 1, interrupted: 1 }),
        },
        links: [{ to: "span of job", as: "interrupts" }],
      },
      {
        name: `interrupt job`,
        parent: `span of ${ACTION}`,
        status: "UNSET",
        attributes: {
          "lifecycle.interrupt.duration": "seconds",
          "lifecycle.interrupt.result": "stopped",
        },
        links: [{ to: "span of job", as: "interrupts" }],
      },
      {
        name: "job",
        parent: undefined,
        status: "ERROR",
        attributes: {
          "lifecycle.scope.kind": "instance",
          "lifecycle.run.result": "interrupted",
          ...closedBy(ACTION, "dispose", "http"),
          "lifecycle.close.confidence": "medium",
          "lifecycle.close.via": "registry",
        },
        links: [{ to: `span of ${ACTION}`, as: "closed_by" }],
      },
    ]);
  });

  test("one that just ends while covered has completed: nobody asked it", () => {
    const job = tracer.startSpan("job");
    const action = dispose();
    job.end();
    action.end();
    expect([exported("job"), exported(ACTION)]).toEqual([
      completed,
      expect.objectContaining(counts({ covered: 1, completed: 1 })),
    ]);
  });

  test("one that the action's code ends is the action's", () => {
    const job = tracer.startSpan("job");
    withAction({ kind: "dispose", scope, trigger: "http" }, () => job.end());
    expect(exported("job")).toMatchObject({
      ...closedBy(ACTION, "dispose", "http"),
      "lifecycle.close.confidence": "medium",
    });
  });

  test("the action waits for it, as for any run (rule 8)", () => {
    const job = tracer.startSpan("job");
    const action = dispose();
    action.end();
    expect(lifecycleSnapshot()).toMatchObject({ runs: 1, actions: 1 });
    fail(job);
    expect(lifecycleSnapshot()).toMatchObject({ runs: 0, actions: 0 });
    expect(exported(ACTION)).toMatchObject(counts({ covered: 1, interrupted: 1 }));
  });

  test("one that begins while its scope is closing is covered too (rule 4)", () => {
    const action = dispose();
    const job = tracer.startSpan("job", { root: true });
    action.end();
    fail(job);
    expect([exported("job"), exported(ACTION)]).toEqual([
      expect.objectContaining(closedBy(ACTION, "dispose", "http")),
      expect.objectContaining(counts({ covered: 1, interrupted: 1 })),
    ]);
  });

  test("one that begins in the action's own code is not, also at a root of its own (rule 4)", () => {
    const action = dispose();
    const inside = action.with(() => tracer.startSpan("inside", { root: true }));
    const detached = action.detach(() => tracer.startSpan("detached"));
    fail(inside);
    fail(detached);
    action.end();
    for (const name of ["inside", "detached"]) {
      expect(exported(name)).toMatchObject({ "lifecycle.close.class": "error" });
    }
    expect(exported(ACTION)).toMatchObject(counts({ covered: 0 }));
  });

  test("one that survives what only recorded, and fails later, fails by itself (rule 3)", () => {
    const job = tracer.startSpan("job");
    recordReload().end();
    fail(job);
    expect(exported("job")).toMatchObject({ "lifecycle.close.class": "error" });
    expect(exported("reload instance")).toMatchObject(counts({ covered: 1, unsettled: 1 }));
  });

  test("of two that cover it the first closed it, and both count it (rules 2 and 9)", () => {
    const job = tracer.startSpan("job");
    const first = dispose();
    const second = startAction({ kind: "dispose_all", scope });
    fail(job);
    second.end();
    first.end();
    expect(exported("job")).toMatchObject(closedBy(ACTION, "dispose", "http"));
    expect([exported(ACTION), exported("dispose_all instance")]).toEqual([
      expect.objectContaining(counts({ covered: 1, interrupted: 1 })),
      expect.objectContaining(counts({ covered: 1, other: 1 })),
    ]);
  });
});

describe("one in whose code the action was started is not waited for and not linked (rule 5)", () => {
  test.each<[string, (root: Span) => void, object]>([
    ["that completes", (root) => root.end(), completed],
    ["that fails by itself", fail, { "lifecycle.close.class": "error" }],
  ])("%s", (_title, end, attributes) => {
    const root = tracer.startSpan("POST /dispose");
    within(root, () => withAction({ kind: "dispose", scope, trigger: "http" }, () => undefined));
    expect(documentNamed(spans(), ACTION)).toMatchObject({
      parent: undefined,
      attributes: counts({ covered: 0 }),
      links: [],
    });
    end(root);
    expect(documentNamed(spans(), "POST /dispose")).toMatchObject({ attributes, links: [] });
  });

  test("though the action covers the others of its scope", () => {
    const root = tracer.startSpan("POST /dispose");
    const job = tracer.startSpan("job");
    within(root, () => withAction({ kind: "dispose", scope }, () => fail(job)));
    root.end();
    expect([exported("POST /dispose"), exported(ACTION)]).toEqual([
      completed,
      expect.objectContaining(counts({ covered: 1, interrupted: 1 })),
    ]);
  });

  test("from a span below it", () => {
    const root = tracer.startSpan("POST /dispose");
    within(root, () =>
      tracer.startActiveSpan("handler", (handler) => {
        withAction({ kind: "dispose", scope }, () => undefined);
        handler.end();
      }),
    );
    root.end();
    expect(exported(ACTION)).toMatchObject(counts({ covered: 0 }));
  });

  test("nor where it had left its place to a run, which is covered by what is started beside it", () => {
    const root = tracer.startSpan("POST /dispose");
    const run = within(root, () => startRun({ name: "agent run", scope }));
    const action = within(root, dispose);
    run.fail(run.signal.reason);
    action.end();
    root.end();
    expect(exported(ACTION)).toMatchObject(counts({ covered: 1, interrupted: 1 }));
    expect(exported("agent run")).toMatchObject({
      ...closedBy(ACTION, "dispose", "http"),
      "lifecycle.close.action.trace_id": "trace of POST /dispose",
    });
  });
});

describe("a root that asked for an action, and leaves its place afterwards, was none of its runs", () => {
  test("while the action waits for another", () => {
    const root = tracer.startSpan("POST /dispose");
    const job = tracer.startSpan("job");
    const action = within(root, dispose);
    action.end();
    within(root, () => startRun({ name: "agent run" })).end();
    expect(lifecycleSnapshot().actions).toBe(1);
    fail(job);
    root.end();
    expect(exported(ACTION)).toMatchObject(counts({ covered: 1, interrupted: 1 }));
  });
});

describe("an action counts one piece of work once, whenever the root leaves its place (rule 18)", () => {
  test.each<[string, () => Action, string]>([
    ["what asks", dispose, ACTION],
    ["what records", recordReload, "reload instance"],
  ])("a run that begins below a root while the scope is closing: %s", (_title, act, name) => {
    const root = tracer.startSpan("job");
    const action = act();
    const run = within(root, () => startRun({ name: "agent run", scope }));
    expect(lifecycleSnapshot().runs).toBe(1);
    run.end();
    root.end();
    action.end();
    expect(exported(name)).toMatchObject({
      "lifecycle.action.result": "completed",
      ...counts({ covered: 1, completed: 1 }),
    });
  });

  test("with more runs than are asked in the first turn", async () => {
    const roots = Array.from({ length: 20_000 }, () => tracer.startSpan("job"));
    const action = dispose();
    const runs = roots.map((root) => within(root, () => startRun({ name: "agent run", scope })));
    for (const run of runs) run.end();
    for (const root of roots) root.end();
    action.end();
    await action.settled;
    expect(exported(ACTION)).toMatchObject({
      "lifecycle.action.result": "completed",
      ...counts({ covered: 20_000, completed: 20_000 }),
    });
  });

  test("a run that begins when the action's code is done is none of its runs", async () => {
    const root = tracer.startSpan("job");
    const action = dispose();
    action.end();
    const run = within(root, () => startRun({ name: "agent run", scope }));
    await action.settled;
    expect(exported(ACTION)).toMatchObject({
      "lifecycle.action.result": "completed",
      ...counts({ covered: 0 }),
    });
    fail(root);
    run.end();
    expect([exported("job"), exported("agent run")]).toEqual([{}, completed]);
  });

  test("a run that had begun before the cover is in it, and the root is not", () => {
    const root = tracer.startSpan("job");
    const run = within(root, () => startRun({ name: "agent run", scope }));
    const action = dispose();
    action.end();
    root.end();
    run.fail(run.signal.reason);
    expect(exported(ACTION)).toMatchObject(counts({ covered: 1, interrupted: 1 }));
  });

  test("the root's own span, adopted while it was covered", () => {
    const root = tracer.startSpan("job");
    const action = dispose();
    const run = startRun({ span: root, scope });
    run.fail(run.signal.reason);
    root.end();
    action.end();
    expect(exported(ACTION)).toMatchObject(counts({ covered: 1, interrupted: 1 }));
  });

  test.each<[string, () => Action, string]>([
    ["what asks", dispose, ACTION],
    ["what records", recordReload, "reload instance"],
  ])("in the action's own code, below a root that was covered: %s", (_title, act, name) => {
    const root = tracer.startSpan("job");
    const action = act();
    const run = action.with(() => within(root, () => startRun({ name: "successor", scope })));
    run.end();
    root.end();
    action.end();
    expect(exported(name)).toMatchObject(counts({ covered: 0 }));
  });
});
