import { describe, expect, it } from "vitest";
import type { AccountJson } from "why-closed";
import type { Driven } from "../src/check/driven.ts";
import { unmetExpectations } from "../src/check/expectation.ts";

const NO_RUNS = { covered: 0, interrupted: 0, completed: 0, failed: 0, other: 0, unsettled: 0 };

const DRIVEN: Driven = {
  runs: [
    { id: "one", result: "completed" },
    { id: "two", result: "interrupted", class: "lifecycle_action", action: "a-1" },
    { id: "three", result: "interrupted", class: "unknown_scope_close" },
  ],
  actions: [
    {
      id: "a-1",
      kind: "dispose_directory",
      scope: "directory",
      operation: "POST /directory/dispose",
      inner: [1],
    },
  ],
};

const RUN = {
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
  actionId: "a-1",
  missing: [],
};
const THREE = {
  ...RUN,
  id: "three",
  result: "interrupted",
  class: "unknown_scope_close",
  actionId: null,
  missing: ["lifecycle.close_requested"],
};
const OUTER = {
  id: "a-1",
  kind: "dispose_directory",
  scope: "directory",
  traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
  spanId: "00f067aa0ba902b7",
  parentId: null,
  trigger: "http",
  operation: "POST /directory/dispose",
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
  runs: { ...NO_RUNS, covered: 1, other: 1 },
  closed: [],
};
const ACCOUNT: AccountJson = { actions: [OUTER, INNER], runs: [ONE, TWO, THREE], inherited: 2 };

describe("the expectation", () => {
  it("is met by the account of what was driven", () => {
    expect(unmetExpectations(DRIVEN, ACCOUNT)).toEqual([]);
  });

  it.each<{ title: string; account: AccountJson; complaints: string[] }>([
    {
      title: "a wrong class",
      account: { ...ACCOUNT, runs: [ONE, TWO, { ...THREE, class: "user_cancel" }] },
      complaints: ['account.runs.three.class: expected "unknown_scope_close", got "user_cancel"'],
    },
    {
      title: "another action to blame",
      account: { ...ACCOUNT, runs: [ONE, { ...TWO, actionId: "a-2" }, THREE] },
      complaints: ['account.runs.two.actionId: expected "a-1", got "a-2"'],
    },
    {
      title: "provenance that is not named as missing",
      account: { ...ACCOUNT, runs: [ONE, TWO, { ...THREE, missing: [] }] },
      complaints: ['account.runs.three.missing: expected "lifecycle.close_requested", got null'],
    },
    {
      title: "a run that is not there",
      account: { ...ACCOUNT, runs: [ONE, TWO] },
      complaints: ["account.runs.three is missing"],
    },
    {
      title: "a run that is told twice",
      account: { ...ACCOUNT, runs: [ONE, ONE, TWO, THREE] },
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
