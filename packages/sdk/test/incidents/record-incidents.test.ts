import { SpanStatusCode } from "@opentelemetry/api";
import { AlwaysOffSampler, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import {
  createScope,
  LifecycleError,
  lifecycleSnapshot,
  type Scope,
  startAction,
  startRun,
  withAction,
} from "@otel-lifecycle/api";
import type { RunIncident } from "@otel-lifecycle/incidents";
import { LifecycleSpanProcessor, lifecycleSampler } from "@otel-lifecycle/sdk";
import {
  type IncidentOptions,
  type IncidentRecording,
  recordIncidents,
} from "@otel-lifecycle/sdk/incidents";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { attributesNamed } from "../span-document.ts";
import { capturedDiag, KeepingExporter, registerProvider } from "../tracing.ts";

let scope: Scope;
let exporter: KeepingExporter;
let incidents: RunIncident[];
let recording: IncidentRecording | undefined;

beforeEach(() => {
  scope = createScope({ kind: "instance" });
  exporter = new KeepingExporter();
  incidents = [];
});
afterEach(() => {
  recording?.stop();
  vi.useRealTimers();
});

const record = (options: IncidentOptions = {}): void => {
  recording = recordIncidents({ onIncident: (incident) => incidents.push(incident), ...options });
};
const register = (config = {}) =>
  registerProvider([new LifecycleSpanProcessor(), new SimpleSpanProcessor(exporter)], config);
const incidentOf = (name: string) =>
  Object.fromEntries(
    Object.entries(attributesNamed(exporter.getFinishedSpans(), name)).filter(([key]) =>
      key.startsWith("lifecycle.incident."),
    ),
  );
const FAILED = {
  "lifecycle.incident.cause": "unknown_interruption",
  "lifecycle.incident.phase": "unknown",
  "lifecycle.incident.retry.recommendation": "unknown",
};
const DISPOSED = {
  "lifecycle.incident.cause": "local_lifecycle_close",
  "lifecycle.incident.subcause": "dispose",
  "lifecycle.incident.phase": "unknown",
  "lifecycle.incident.retry.recommendation": "do_not_retry",
};
const dispose = (fn: () => void = () => undefined): void =>
  withAction({ kind: "dispose", scope, trigger: "http", operation: "POST /dispose" }, fn);

describe("the span of a run that did not complete carries its incident (conventions: lifecycle.incident.*)", () => {
  beforeEach(() => {
    record();
  });

  test("one that our API ended", () => {
    register();
    startRun({ name: "agent run", scope }).fail(new Error("broke"));
    expect(incidentOf("agent run")).toEqual(FAILED);
  });

  test("one that was adopted, and its owner ended", () => {
    const { tracer } = register();
    const span = tracer.startSpan("invoke_agent planner");
    startRun({ span, scope });
    span.setStatus({ code: SpanStatusCode.ERROR }).end();
    expect(incidentOf("invoke_agent planner")).toEqual(FAILED);
  });

  test("one that was adopted, and the API ended first", () => {
    const { tracer } = register();
    const span = tracer.startSpan("invoke_agent planner");
    startRun({ span, scope }).fail(new Error("broke"));
    span.end();
    expect(incidentOf("invoke_agent planner")).toEqual(FAILED);
  });

  test("one that an action closed", () => {
    register();
    const run = startRun({ name: "agent run", scope });
    const { signal } = run;
    dispose();
    run.fail(signal.reason);
    expect(incidentOf("agent run")).toEqual(DISPOSED);
  });

  test("one that the head sampler dropped, and that was rescued", () => {
    register({ sampler: lifecycleSampler(new AlwaysOffSampler()) });
    startRun({ name: "agent run", scope }).fail(new Error("broke"));
    expect(incidentOf("agent run")).toEqual(FAILED);
  });

  test("one that completed carries none, whatever its evidence", () => {
    register();
    const run = startRun({ name: "agent run", scope });
    run.evidence("transport_failure", { error: new Error("broke") });
    run.end();
    expect(incidentOf("agent run")).toEqual({});
    expect(incidents).toEqual([]);
  });
});

test("a run whose span the sampler dropped has an incident all the same", () => {
  register({ sampler: new AlwaysOffSampler() });
  record();
  startRun({ name: "agent run", scope }).fail(new Error("broke"));
  expect(incidents.map(({ cause, run }) => [cause, run.name])).toEqual([
    ["unknown_interruption", "agent run"],
  ]);
});

test("without any provider too", () => {
  record();
  startRun({ name: "agent run", id: "r1", scope }).fail(new Error("broke"));
  expect(incidents.map(({ cause, run: { id, trace_id } }) => [cause, id, trace_id])).toEqual([
    ["unknown_interruption", "r1", undefined],
  ]);
});

describe("which runs have incidents", () => {
  test("runs that share a span have one, the outer one's, with the evidence of both", () => {
    record();
    const { tracer } = register();
    const span = tracer.startSpan("invoke_agent planner");
    const outer = startRun({ span, scope });
    const inner = startRun({ span });
    inner.evidence("provider_progress");
    inner.fail(new Error("inner"));
    outer.evidence("of_my_own");
    outer.fail(new Error("outer"));
    span.end();
    expect(incidents.map(({ evidence }) => evidence.map(({ type }) => type))).toEqual([
      ["provider_progress", "of_my_own", "run_ended"],
    ]);
  });

  test.each([
    [undefined, 0],
    [true, 1],
  ])("automatic ones with automaticRuns %s: %i", (automaticRuns, expected) => {
    record(automaticRuns === undefined ? {} : { automaticRuns });
    const { tracer } = register();
    const span = tracer.startSpan("GET /");
    span.setStatus({ code: SpanStatusCode.ERROR }).end();
    expect(incidents).toHaveLength(expected);
    expect(incidentOf("GET /")).toEqual(expected === 0 ? {} : FAILED);
  });

  test("one that yielded to a run below it has none, also with automaticRuns", () => {
    record({ automaticRuns: true });
    const { tracer } = register();
    tracer.startActiveSpan("GET /", (span) => {
      startRun({ name: "agent run", scope }).fail(new Error("broke"));
      span.setStatus({ code: SpanStatusCode.ERROR }).end();
    });
    expect(incidents.map(({ run }) => run.name)).toEqual(["agent run"]);
    expect(incidentOf("GET /")).toEqual({});
  });
});

describe("who asked is in the incident (rules 2 and 30)", () => {
  const chainOf = () =>
    incidents.map(({ chain }) =>
      chain.actions.map(({ kind, trigger, operation }) => [kind, trigger, operation]),
    );
  const asked = () =>
    incidents.map(({ evidence }) =>
      evidence.filter(({ source }) => source === "lifecycle").map(({ type }) => type),
    );

  test("the action, and the one that it is part of", () => {
    register();
    record();
    const store = scope;
    const inner = createScope({ kind: "session", parent: store });
    const run = startRun({ name: "agent run", scope: inner });
    const outside = createScope({ kind: "instance_store" });
    const { signal } = run;
    withAction({ kind: "dispose_all", scope: outside, trigger: "http", operation: "POST /a" }, () =>
      withAction({ kind: "dispose", scope: store }, () => run.fail(signal.reason)),
    );
    expect(chainOf()).toEqual([
      [
        ["dispose", "http", undefined],
        ["dispose_all", "http", "POST /a"],
      ],
    ]);
    expect(asked()).toEqual([["close_requested", "close_propagated", "run_ended"]]);
  });

  test("though its span had ended before the run did", async () => {
    register();
    record();
    const run = startRun({ name: "agent run", scope });
    const { signal } = run;
    const action = startAction({
      kind: "dispose",
      scope,
      trigger: "http",
      operation: "POST /dispose",
      settleTimeoutMs: 1,
    });
    action.end();
    await action.settled;
    run.fail(signal.reason);
    expect(chainOf()).toEqual([[["dispose", "http", "POST /dispose"]]]);
  });

  test("though nobody asked the run, and only its error says so", () => {
    register();
    record();
    const other = createScope({ kind: "other" });
    const action = startAction({ kind: "reload", scope: other, operation: "Config.update" });
    const told = startRun({ name: "told", scope: other });
    startRun({ name: "agent run", scope }).fail(told.signal.reason);
    action.end();
    told.end();
    expect(chainOf()).toContainEqual([["reload", "unknown", "Config.update"]]);
    expect(asked()).toContainEqual(["close_requested", "run_ended"]);
  });

  test("the one that closed it, not one before that it had survived", async () => {
    register();
    record();
    const run = startRun({ name: "agent run", scope });
    void run.signal;
    const reload = startAction({ kind: "reload", scope, settleTimeoutMs: 1 });
    reload.end();
    await reload.settled;
    dispose(() => run.fail(new Error("broke")));
    expect(chainOf()).toEqual([[["dispose", "http", "POST /dispose"]]]);
    expect(incidentOf("agent run")).toEqual({
      ...DISPOSED,
      "lifecycle.incident.subcause": "dispose",
    });
  });

  test("before it was told, also where the action's code aborts a signal of the application's", () => {
    register();
    record();
    const own = new AbortController();
    const run = startRun({ name: "agent run", scope, signal: own.signal });
    dispose(() => {
      run.evidence("provider_progress");
      own.abort();
    });
    run.fail(run.signal.reason);
    expect(asked()).toEqual([["close_requested", "close_propagated", "run_ended"]]);
    expect(incidents[0]?.evidence.find(({ role }) => role === "initiating")).toEqual({
      order: 1,
      type: "close_requested",
      source: "lifecycle",
      count: 2,
      role: "initiating",
      time: expect.any(Number),
      close: {
        class: "lifecycle_action",
        action_id: expect.any(String),
        action_kind: "dispose",
      },
    });
  });

  test("though it was a signal of the application's that told it, and nobody read the run's", () => {
    register();
    record();
    const own = new AbortController();
    const run = startRun({ name: "agent run", scope, signal: own.signal });
    own.abort();
    run.fail(own.signal.reason);
    expect(asked()).toEqual([["close_requested", "close_propagated", "run_ended"]]);
  });

  test("at the time when a deadline was due, though its timer had not fired", () => {
    register();
    record();
    const run = startRun({ name: "agent run", scope, timeoutMs: 1 });
    const due = performance.now() + 2;
    while (performance.now() < due);
    run.fail(new Error("broke"));
    expect(asked()).toEqual([["close_requested", "run_ended"]]);
    expect(incidents[0]?.evidence[0]).toMatchObject({
      role: "initiating",
      time: expect.any(Number),
    });
  });

  test("nobody, where a limit of the application's own passed", () => {
    register();
    record();
    startRun({ name: "agent run", scope }).fail(new DOMException("", "TimeoutError"));
    expect(asked()).toEqual([["run_ended"]]);
  });

  test("where it began, though nobody asked the run, and another had before", async () => {
    register();
    record();
    const run = startRun({ name: "agent run", scope });
    const reload = startAction({ kind: "reload", scope, settleTimeoutMs: 1 });
    reload.end();
    await reload.settled;
    const other = createScope({ kind: "other" });
    const told = startRun({ name: "told", scope: other });
    const { signal } = told;
    const action = startAction({ kind: "dispose", scope: other });
    run.evidence("provider_progress");
    run.fail(signal.reason);
    action.end();
    told.end();
    const [incident] = incidents;
    expect(incident?.chain.actions.map(({ kind }) => kind)).toEqual(["dispose"]);
    expect(incident?.evidence.map(({ type, role }) => [type, role])).toEqual([
      ["close_requested", undefined],
      ["close_requested", "initiating"],
      ["provider_progress", undefined],
      ["run_ended", "terminal"],
    ]);
  });

  test("in the attempt that was under way, though it came out later, and on the clock of the run", () => {
    register();
    record();
    const run = startRun({ name: "agent run", scope });
    run.evidence("attempt_started");
    dispose();
    run.evidence("attempt_started");
    run.fail(new Error("broke"));
    const evidence = incidents[0]?.evidence ?? [];
    expect(evidence.map(({ type, attempt }) => [type, attempt])).toEqual([
      ["attempt_started", 1],
      ["close_requested", 1],
      ["attempt_started", 2],
      ["run_ended", 2],
    ]);
    // To the millisecond of the wall clock, of which a run's beginning is.
    expect(evidence.filter(({ time = Number.NaN }) => time > -0.01 && time < 60)).toEqual(evidence);
  });

  test("of a run that was not told, because nobody read its signal, no telling is taken down", () => {
    register();
    record();
    const run = startRun({ name: "agent run", scope });
    dispose();
    run.fail(new Error("broke"));
    expect(asked()).toEqual([["close_requested", "run_ended"]]);
  });
});

describe("what a run ended with is in the incident", () => {
  test("of a span of somebody else's no error, where it names none", () => {
    record();
    const { tracer } = register();
    const span = tracer.startSpan("invoke_agent planner");
    startRun({ span, scope });
    span.setStatus({ code: SpanStatusCode.ERROR }).end();
    expect(incidents[0]?.evidence).toEqual([
      {
        order: 1,
        type: "run_ended",
        source: "lifecycle",
        role: "terminal",
        time: expect.any(Number),
      },
    ]);
  });

  test.each(["interrupted", "failed"] as const)(
    "a timeout is %s where it is said to",
    (timeoutResult) => {
      record();
      startRun({ name: "agent run", scope, timeoutResult }).fail(
        new DOMException("", "TimeoutError"),
      );
      expect(incidents.map(({ result }) => result)).toEqual([timeoutResult]);
    },
  );
});

describe("what the host gives may be hostile (rule 38)", () => {
  const bounded = (what: string) => lifecycleSnapshot().bounded[what] ?? 0;

  test.each<[string, () => unknown]>([
    [
      "throws",
      () => {
        throw new Error("hostile");
      },
    ],
    ["gives a promise that rejects", () => Promise.reject(new Error("hostile"))],
    [
      "gives what throws when it is looked at",
      () =>
        new Proxy(
          {},
          {
            get: () => {
              throw new Error("hostile");
            },
          },
        ),
    ],
  ])("an onIncident that %s is counted, and the run ends as it would", async (_, onIncident) => {
    register();
    const before = bounded("onIncident");
    record({ onIncident });
    startRun({ name: "agent run", scope }).fail(new Error("broke"));
    await new Promise(setImmediate);
    expect(bounded("onIncident")).toBe(before + 1);
    expect(incidentOf("agent run")).toEqual(FAILED);
  });

  test("a writer that throws or rejects is counted, costs no other outlet, and flush resolves", async () => {
    register();
    const before = bounded("incident writer");
    record({
      file: {
        write: () => {
          throw new Error("hostile");
        },
        flush: () => Promise.reject(new Error("hostile")),
      },
    });
    startRun({ name: "agent run", scope }).fail(new Error("broke"));
    await recording?.flush();
    expect(bounded("incident writer")).toBe(before + 2);
    expect(incidents).toHaveLength(1);
  });
});

describe("set-up (rule 38)", () => {
  const isOf = (error: unknown, code: string): boolean =>
    error instanceof LifecycleError && error.code === code;

  test.each<[string, unknown, string]>([
    ["no object", null, "invalid_option"],
    ["an unknown option", { incidents: true }, "unknown_option"],
    ["automaticRuns that is no boolean", { automaticRuns: 1 }, "invalid_option"],
    ["onIncident that is no function", { onIncident: {} }, "invalid_option"],
    ["an empty path", { file: "" }, "invalid_option"],
    ["a path with a NUL", { file: "a\0b" }, "invalid_option"],
    ["a writer that cannot write", { file: {} }, "invalid_option"],
    ["logEvents that is no boolean", { logEvents: "off" }, "invalid_option"],
    ["a logger provider that is none", { loggerProvider: {} }, "invalid_option"],
  ])("%s throws", (_, options, code) => {
    // A cast, because a wrong option is one that has not the type it should have.
    const given = options as IncidentOptions;
    expect(() => recordIncidents(given)).toThrow(expect.toSatisfy((error) => isOf(error, code)));
  });

  test("a second call warns, and the first stands", () => {
    register();
    record();
    const lines = capturedDiag();
    const second: RunIncident[] = [];
    recordIncidents({ onIncident: (incident) => second.push(incident) }).stop();
    startRun({ name: "agent run", scope }).fail(new Error("broke"));
    expect([incidents.length, second.length]).toEqual([1, 0]);
    expect(lines).toEqual([
      "warn @otel-lifecycle/sdk recordIncidents() was called before: the first call stands. Take one out.",
    ]);
  });

  test("of a run that began before, or went on while nobody recorded, nobody knows all: it has none", () => {
    register();
    const early = startRun({ name: "early run", scope });
    early.evidence("tool_execution_started", { tool: "send_mail", effect: "external" });
    record();
    early.evidence("attempt_started");
    const run = startRun({ name: "agent run", scope });
    run.evidence("attempt_started");
    recording?.stop();
    run.evidence("tool_execution_started", { tool: "send_mail", effect: "external" });
    record();
    const later = startRun({ name: "later run", scope });
    for (const one of [early, run, later]) {
      one.evidence("attempt_started");
      one.fail(Object.assign(new Error("broke"), { code: "ECONNRESET" }));
    }
    expect(incidents.map(({ run: { name } }) => name)).toEqual(["later run"]);
    expect([incidentOf("early run"), incidentOf("agent run")]).toEqual([{}, {}]);
  });

  test("after stop() nothing is recorded, also of runs in flight, and it may be called again", () => {
    register();
    record();
    const run = startRun({ name: "agent run", scope });
    run.evidence("provider_progress");
    recording?.stop();
    run.fail(new Error("broke"));
    expect([incidents, incidentOf("agent run")]).toEqual([[], {}]);
    record();
    startRun({ name: "later run", scope }).fail(new Error("broke"));
    expect(incidents).toHaveLength(1);
  });
});
