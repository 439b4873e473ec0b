import { type Span, trace } from "@opentelemetry/api";
import {
  ATTR_INTERRUPT_DURATION,
  createScope,
  lifecycleSnapshot,
  startAction,
  startRun,
  withRun,
} from "@otel-lifecycle/api";
import { type RunJournal, registry, runIn, settle } from "@otel-lifecycle/api/internal";
import { afterEach, describe, expect, test } from "vitest";
import { boundedBy } from "./support/bounded.ts";
import { registerHarvest } from "./support/harvest.ts";

const harvest = registerHarvest();
afterEach(() => {
  registry.journal = undefined;
  harvest.reset();
});

/** A journal that takes down in which order it was told what. */
const keeping = () => {
  const told: unknown[] = [];
  const nameOf = (span: object): string => (span as { readonly name: string }).name;
  const journal: RunJournal = {
    runBegan: (run) => told.push(["run began", run.name, run.span.isRecording()]),
    runYielded: (run) => told.push(["run yielded", run.name, run.hasYielded]),
    initiated: (run, cause) => told.push(["initiated", run.name, cause.type, run.asked?.type]),
    runSettled: (run) => told.push(["run settled", run.name, run.close?.type]),
    actionBegan: ({ kind, scope }) => told.push(["action began", kind, scope.covers.length]),
    actionDone: ({ kind, cover }) =>
      told.push(["action done", kind, cover.owner === undefined ? "lapsed" : "covers"]),
    noted: (run) => told.push(["noted", run.name]),
    spanEnded: (span) => told.push(["span ended", nameOf(span)]),
  };
  registry.journal = journal;
  return told;
};

const throwing = (): never => {
  throw new Error("hostile");
};
const HOSTILE: RunJournal = {
  runBegan: throwing,
  runYielded: throwing,
  initiated: throwing,
  runSettled: throwing,
  actionBegan: throwing,
  actionDone: throwing,
  noted: throwing,
  spanEnded: throwing,
};

const tracer = () => trace.getTracer("host");

/** A scene with every hook in it, and what the application sees of it. */
const play = async () => {
  const scope = createScope({ kind: "instance" });
  const root = tracer().startSpan("GET /orders");
  const inner = startRun({ name: "agent run", scope });
  inner.cancel();
  inner.fail(inner.signal.reason);
  const adopted = startRun({ span: root, scope });
  const action = startAction({ kind: "dispose", scope });
  adopted.end();
  action.end();
  await action.settled;
  root.end();
  return { closes: [inner.close?.type, adopted.close?.type], snapshot: lifecycleSnapshot().runs };
};

/** What was exported, but for how long it took. */
const timeless = () =>
  harvest
    .spans()
    .map(({ attributes: { [ATTR_INTERRUPT_DURATION]: _, ...attributes }, ...span }) => ({
      ...span,
      attributes,
    }));

describe("issue 7: a journal is told", () => {
  test("of a run when its span has begun and it can be found, and of the span's end", () => {
    const told = keeping();
    withRun({ name: "agent run" }, () => "text");
    expect(told).toEqual([
      ["run began", "agent run", true],
      ["span ended", "agent run"],
    ]);
  });

  test("of an automatic run, and that it left its place to one of the API", () => {
    const told = keeping();
    tracer().startActiveSpan("GET /orders", (root: Span) => {
      withRun({ name: "agent run" }, () => "text");
      root.end();
    });
    expect(told).toEqual([
      ["run began", "GET /orders", true],
      ["run yielded", "GET /orders", true],
      ["run began", "agent run", true],
      ["span ended", "agent run"],
      ["span ended", "GET /orders"],
    ]);
  });

  test("of a cause in a run's own cell, before anybody hears of it, and not of a cover", async () => {
    const told = keeping();
    const scope = createScope({ kind: "instance" });
    const run = startRun({ name: "agent run", scope });
    run.cancel();
    const action = startAction({ kind: "dispose", scope });
    run.fail(run.signal.reason);
    action.end();
    await action.settled;
    expect(told.filter((one) => String(one).startsWith("initiated"))).toEqual([
      ["initiated", "agent run", "user_cancel", undefined],
    ]);
  });

  test("of an action once it covers, when its code is done, and when its cover has lapsed", async () => {
    const scope = createScope({ kind: "instance" });
    const run = startRun({ name: "agent run", scope });
    const told = keeping();
    const action = startAction({ kind: "dispose", scope });
    action.end();
    run.end();
    await action.settled;
    expect(told).toEqual([
      ["action began", "dispose", 1],
      ["action done", "dispose", "covers"],
      ["span ended", "agent run"],
      ["action done", "dispose", "lapsed"],
      ["span ended", "dispose instance"],
    ]);
  });

  test("that an adopted span's run is over, where the span goes on", () => {
    const told = keeping();
    const span = tracer().startSpan("invoke_agent planner");
    startRun({ span }).end();
    span.end();
    expect(told).toEqual([
      ["run began", "invoke_agent planner", true],
      ["run yielded", "invoke_agent planner", true],
      ["run began", "invoke_agent planner", true],
      ["run settled", "invoke_agent planner", "completed"],
      ["span ended", "invoke_agent planner"],
    ]);
  });

  test("that a run is over before its span has ended, at a shutdown", () => {
    const told = keeping();
    const run = startRun({ name: "job" });
    const managed = runIn(run.context);
    if (managed === undefined) throw new Error("no run");
    settle(managed, { type: "shut_down" });
    expect(told).toEqual([
      ["run began", "job", true],
      ["run settled", "job", "unknown_scope_close"],
    ]);
    run.span.end();
  });

  test("nothing but the end of the span, where that is what ends an adopted run", () => {
    const span = tracer().startSpan("invoke_agent planner");
    startRun({ span });
    const told = keeping();
    span.end();
    expect(told).toEqual([["span ended", "invoke_agent planner"]]);
  });
});

test("a journal that throws wherever it can changes nothing, and is counted", async () => {
  const without = { outcome: await play(), spans: timeless() };
  harvest.reset();
  registry.journal = HOSTILE;
  let outcome: unknown;
  const bounded = boundedBy(() => {
    outcome = play();
  });
  expect(await outcome).toEqual(without.outcome);
  expect(timeless()).toEqual(without.spans);
  expect(bounded).toEqual({ journal: expect.toSatisfy((count: number) => count >= 6) });
});

test("without a journal nothing is told, and nothing hangs on a span but its run", () => {
  const told = keeping();
  registry.journal = undefined;
  const run = startRun({ name: "agent run" });
  const keys = Object.getOwnPropertySymbols(run.span).map(String);
  run.end();
  expect(told).toEqual([]);
  expect(keys).toEqual(["Symbol(@otel-lifecycle/api.span.v1)"]);
});
