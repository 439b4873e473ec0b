import { describe, expect, it } from "vitest";
import type { AccountJson } from "why-closed";
import type { DrivenIncident } from "../src/check/driven.ts";
import { unmetExpectations } from "../src/check/expectation.ts";
import { complaintsAbout } from "../src/check/verdict.ts";
import { INCIDENTS } from "./told-incidents.ts";
import { changed, DRIVEN, received, TOLD, type ToldSpan, told, withStatus } from "./told-spans.ts";

const NO_RUNS = { covered: 0, interrupted: 0, completed: 0, failed: 0, other: 0, unsettled: 0 };

const ORIGIN = {
  service: "agent-server",
  startTimeUnixNano: "1700000000000000000",
  endTimeUnixNano: "1700000001000000000",
};
const RUN = {
  ...ORIGIN,
  name: "agent run",
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  scope: "instance",
  confidence: null,
  via: null,
  interruptSeconds: null,
  recovered: null,
};
const ONE = {
  ...RUN,
  id: "one",
  result: "completed",
  class: null,
  actionId: null,
  missing: null,
};
const TWO = {
  ...RUN,
  id: "two",
  result: "interrupted",
  class: "lifecycle_action",
  confidence: "high",
  via: "error",
  actionId: "a-1",
  missing: [],
};
const THREE = {
  ...RUN,
  id: "three",
  result: "interrupted",
  class: "unknown_scope_close",
  confidence: "low",
  via: "signal_reason",
  actionId: null,
  missing: ["lifecycle.close_requested"],
};
const FOUR = {
  ...RUN,
  id: "four",
  result: "failed",
  class: "upstream_disconnect",
  confidence: "high",
  via: "error",
  actionId: null,
  missing: [],
};
const OUTER = {
  ...ORIGIN,
  id: "a-1",
  kind: "dispose_directory",
  scope: "directory",
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  spanId: "00f067aa0ba902b7",
  parentId: null,
  trigger: "http",
  operation: "POST /directory/dispose",
  signal: null,
  result: "completed",
  runs: { ...NO_RUNS, covered: 1, interrupted: 1 },
  closed: ["two"],
};
const INNER = {
  ...OUTER,
  id: "a-2",
  kind: "dispose",
  scope: "instance",
  parentId: "a-1",
  trigger: null,
  operation: null,
  signal: null,
  runs: { ...NO_RUNS, covered: 1, other: 1 },
  closed: [],
};
const ACCOUNT: AccountJson = {
  actions: [OUTER, INNER],
  runs: [ONE, TWO, THREE, FOUR],
  inherited: 2,
};

const KEY = "lifecycle.scope.key";
const DURATION = "lifecycle.interrupt.duration";
const INCIDENT = "lifecycle.incident";

describe("the expectation", () => {
  it("is met by the account of what was driven", () => {
    expect(unmetExpectations(DRIVEN, ACCOUNT)).toEqual([]);
  });

  it.each<{ title: string; account: AccountJson; complaints: string[] }>([
    {
      title: "a wrong class",
      account: { ...ACCOUNT, runs: [ONE, TWO, FOUR, { ...THREE, class: "user_cancel" }] },
      complaints: ['account.runs.three.class: expected "unknown_scope_close", got "user_cancel"'],
    },
    {
      title: "another action to blame",
      account: { ...ACCOUNT, runs: [ONE, { ...TWO, actionId: "a-2" }, THREE, FOUR] },
      complaints: ['account.runs.two.actionId: expected "a-1", got "a-2"'],
    },
    {
      title: "provenance that is not named as missing",
      account: { ...ACCOUNT, runs: [ONE, TWO, FOUR, { ...THREE, missing: [] }] },
      complaints: ['account.runs.three.missing: expected "lifecycle.close_requested", got null'],
    },
    {
      title: "a run that is not there",
      account: { ...ACCOUNT, runs: [ONE, TWO, FOUR] },
      complaints: ["account.runs.three is missing"],
    },
    {
      title: "a run that is told twice",
      account: { ...ACCOUNT, runs: [ONE, ONE, TWO, THREE, FOUR] },
      complaints: ["account.runs.one (once more) was not driven"],
    },
    {
      title: "a count that does not add up",
      account: { ...ACCOUNT, actions: [{ ...OUTER, runs: { ...OUTER.runs, covered: 2 } }, INNER] },
      complaints: ["account.actions.a-1.runs.covered: expected 1, got 2"],
    },
    {
      title: "a closed run that the action does not list",
      account: { ...ACCOUNT, actions: [{ ...OUTER, closed: [] }, INNER] },
      complaints: ['account.actions.a-1.closed: expected "two", got ""'],
    },
    {
      title: "a nested action that claims its parent's run",
      account: {
        ...ACCOUNT,
        actions: [OUTER, { ...INNER, runs: OUTER.runs, closed: ["two"] }],
      },
      complaints: [
        "account.actions.a-1.inner.0.runs.interrupted: expected 0, got 1",
        "account.actions.a-1.inner.0.runs.other: expected 1, got 0",
        'account.actions.a-1.inner.0.closed: expected "", got "two"',
      ],
    },
    {
      title: "an action below a nested one",
      account: { ...ACCOUNT, actions: [OUTER, INNER, { ...INNER, id: "a-3", parentId: "a-2" }] },
      complaints: ["account.actionCount: expected 2, got 3"],
    },
    {
      title: "a call in flight that did not inherit its run's class",
      account: { ...ACCOUNT, inherited: 1 },
      complaints: ["account.inherited: expected 2, got 1"],
    },
  ])("complains about $title", ({ account, complaints }) => {
    expect(unmetExpectations(DRIVEN, account)).toEqual(complaints);
  });
});

describe("the verdict", () => {
  it("has no complaint about spans that tell what was driven", () => {
    expect(verdictOn(TOLD)).toEqual([]);
  });

  it("takes either name for a connection that broke", () => {
    expect(verdictOn(told("four", { "error.type": "UND_ERR_SOCKET" }))).toEqual([]);
  });

  it("lets an interrupt's duration differ from its span by a millisecond, and no more", () => {
    expect(verdictOn(told("interrupt", { [DURATION]: 0.0059 }))).toEqual([]);
    expect(verdictOn(told("interrupt", { [DURATION]: 0.0061 }))).toHaveLength(1);
  });

  it.each<{ title: string; spans: Spans; complaints: string[] }>([
    {
      title: "a confidence that is always low",
      spans: told("two", { "lifecycle.close.confidence": "low" }),
      complaints: ['account.runs.two.confidence: expected "high", got "low"'],
    },
    {
      title: "another rail of the proof",
      spans: told("three", { "lifecycle.close.via": "api" }),
      complaints: ['account.runs.three.via: expected "signal_reason", got "api"'],
    },
    {
      title: "another kind of the action that closed it",
      spans: told("two", { "lifecycle.close.action.kind": "reload" }),
      complaints: [
        'run.two.lifecycle.close.action.kind: expected "dispose_directory", got "reload"',
      ],
    },
    {
      title: "another trigger of the action that closed it",
      spans: told("two", { "lifecycle.close.action.trigger": "cli" }),
      complaints: ['run.two.lifecycle.close.action.trigger: expected "http", got "cli"'],
    },
    {
      title: "no trace of the action that closed it",
      spans: told("two", { "lifecycle.close.action.trace_id": undefined }),
      complaints: [
        `run.two.lifecycle.close.action.trace_id: expected "${"a".repeat(32)}", got null`,
      ],
    },
    {
      title: "no span of the action that closed it",
      spans: told("two", { "lifecycle.close.action.span_id": undefined }),
      complaints: [
        `run.two.lifecycle.close.action.span_id: expected "${"a".repeat(16)}", got null`,
      ],
    },
    {
      title: "an action on a run that none closed",
      spans: told("three", { "lifecycle.close.action.kind": "reload" }),
      complaints: ['run.three.lifecycle.close.action.kind: expected null, got "reload"'],
    },
    {
      title: "a failed run without the status ERROR",
      spans: withStatus("four", 0),
      complaints: ['run.four.status: expected "ERROR", got "UNSET"'],
    },
    {
      title: "an interrupted run with the status ERROR",
      spans: withStatus("two", 2),
      complaints: ['run.two.status: expected "UNSET", got "ERROR"'],
    },
    {
      title: "a completed run with the status OK",
      spans: withStatus("one", 1),
      complaints: ['run.one.status: expected "UNSET", got "OK"'],
    },
    {
      title: "an interrupt with the status ERROR",
      spans: withStatus("interrupt", 2),
      complaints: ['interrupt.two.status: expected "UNSET", got "ERROR"'],
    },
    {
      title: "an action with the status ERROR",
      spans: withStatus("inner", 2),
      complaints: ['action.a-2.status: expected "UNSET", got "ERROR"'],
    },
    {
      title: "another type of error",
      spans: told("four", { "error.type": "_OTHER" }),
      complaints: ['run.four.error.type: expected "ECONNRESET or UND_ERR_SOCKET", got "_OTHER"'],
    },
    {
      title: "a type of error on an interrupted run",
      spans: told("two", { "error.type": "AbortError" }),
      complaints: ['run.two.error.type: expected null, got "AbortError"'],
    },
    {
      title: "milliseconds on an interrupt",
      spans: told("interrupt", { [DURATION]: 5 }),
      complaints: ["interrupt.two.lifecycle.interrupt.duration: expected 0.005, got 5"],
    },
    {
      title: "milliseconds on a run that an action closed",
      spans: told("two", { [DURATION]: 5 }),
      complaints: ["run.two.lifecycle.interrupt.duration: expected 0.005, got 5"],
    },
    {
      title: "milliseconds on a run that no action closed",
      spans: told("three", { [DURATION]: 5 }),
      complaints: ["run.three.lifecycle.interrupt.duration: expected 0.1, got 5"],
    },
    {
      title: "an interrupt that did not stop its run",
      spans: told("interrupt", { "lifecycle.interrupt.result": "unsettled" }),
      complaints: ['interrupt.two.lifecycle.interrupt.result: expected "stopped", got "unsettled"'],
    },
    {
      title: "one key for all directories",
      spans: Object.fromEntries(
        Object.entries(TOLD).map(([name, span]) => [
          name,
          KEY in span.attributes ? changed(span, { [KEY]: "a".repeat(16) }) : span,
        ]),
      ),
      complaints: ["lifecycle.scope.key: blog has the key of another directory"],
    },
    {
      title: "a second key for a directory",
      spans: told("four", { [KEY]: "c".repeat(16) }),
      complaints: [
        `lifecycle.scope.key.runs.four.key: expected "${"b".repeat(16)}", got "${"c".repeat(16)}"`,
      ],
    },
    {
      title: "an action with the key of another directory",
      spans: told("outer", { [KEY]: "b".repeat(16) }),
      complaints: [
        `lifecycle.scope.key.actions.a-1.key: expected "${"a".repeat(16)}", got "${"b".repeat(16)}"`,
      ],
    },
    {
      title: "an action inside it without a key",
      spans: told("inner", { [KEY]: undefined }),
      complaints: [
        `lifecycle.scope.key.actions.a-1.inner: expected "${"a".repeat(16)}", got "no key"`,
      ],
    },
    {
      title: "another cause of an incident",
      spans: told("four", { [`${INCIDENT}.cause`]: "unknown_interruption" }),
      complaints: [
        'run.four.lifecycle.incident.cause: expected "provider_api_error", got "unknown_interruption"',
      ],
    },
    {
      title: "a kind of cause that has none",
      spans: told("four", { [`${INCIDENT}.subcause`]: "connect" }),
      complaints: ['run.four.lifecycle.incident.subcause: expected null, got "connect"'],
    },
    {
      title: "another phase of an incident",
      spans: told("three", { [`${INCIDENT}.phase`]: "streaming" }),
      complaints: [
        'run.three.lifecycle.incident.phase: expected "tool_execution", got "streaming"',
      ],
    },
    {
      title: "no advice",
      spans: told("two", { [`${INCIDENT}.retry.recommendation`]: undefined }),
      complaints: [
        'run.two.lifecycle.incident.retry.recommendation: expected "do_not_retry", got null',
      ],
    },
    {
      title: "an incident of a run that completed",
      spans: told("one", { [`${INCIDENT}.phase`]: "finalizing" }),
      complaints: ['run.one.lifecycle.incident.phase: expected null, got "finalizing"'],
    },
  ])("complains about $title", ({ spans, complaints }) => {
    expect(verdictOn(spans)).toEqual(complaints);
  });
});

describe("the incidents that were exported", () => {
  const { two, three, four } = INCIDENTS;

  it.each<{ title: string; incidents: Incidents; complaints: string[] }>([
    {
      title: "one that is missing",
      incidents: { two, four },
      complaints: ["incident.three is missing"],
    },
    {
      title: "one of a run that completed",
      incidents: { ...INCIDENTS, one: four },
      complaints: ["incident.one was not driven"],
    },
    {
      title: "another cause",
      incidents: { two, three, four: { ...four, cause: "unknown_interruption" } },
      complaints: [
        'incident.four.cause: expected "provider_api_error", got "unknown_interruption"',
      ],
    },
    {
      title: "another kind of the same cause",
      incidents: { two: { ...two, subcause: "reload" }, three, four },
      complaints: ['incident.two.subcause: expected "dispose_directory", got "reload"'],
    },
    {
      title: "another phase",
      incidents: { two, three: { ...three, phase: "post_tool" }, four },
      complaints: ['incident.three.phase: expected "tool_execution", got "post_tool"'],
    },
    {
      title: "bolder advice",
      incidents: { two: { ...two, advice: "auto_retry" }, three, four },
      complaints: ['incident.two.advice: expected "do_not_retry", got "auto_retry"'],
    },
  ])("are complained about for $title", ({ incidents, complaints }) => {
    expect(verdictOn(TOLD, incidents)).toEqual(complaints);
  });

  it("are looked through for what must not leave the process", () => {
    const secret = { ...INCIDENTS, shop: { ...two, cause: "/tmp/shop" } };
    expect(verdictOn(TOLD, secret)).toContain("shop is in 1 of 2 requests");
  });
});

type Spans = Readonly<Record<string, ToldSpan>>;

type Incidents = Readonly<Record<string, DrivenIncident>>;

const verdictOn = (spans: Spans, incidents: Incidents = INCIDENTS): string[] =>
  complaintsAbout({
    driven: DRIVEN,
    directories: { shop: "/tmp/shop", blog: "/tmp/blog", docs: "/tmp/docs" },
    ...received(spans, Object.entries(incidents)),
  });
