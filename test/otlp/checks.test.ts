import { describe, expect, test } from "vitest";
import { attributeBreaches } from "../support/conventions.ts";
import { linkBreaches } from "../support/links.ts";
import type { OtlpSpan } from "../support/otlp-span.ts";
import { verdictBreaches } from "../support/verdicts.ts";

const span = (rest: Partial<OtlpSpan>): OtlpSpan => ({
  name: "agent run",
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
  parentSpanId: undefined,
  kind: 1,
  startNano: 0n,
  endNano: 0n,
  attributes: {},
  links: [],
  events: 0,
  status: "UNSET",
  statusMessage: undefined,
  scope: "@otel-lifecycle/api",
  schemaUrl: undefined,
  ...rest,
});

const completed = { "lifecycle.run.result": "completed" };
const failed = {
  "lifecycle.run.result": "failed",
  "lifecycle.close.class": "error",
  "lifecycle.close.confidence": "high",
};
const action = {
  "lifecycle.action.id": "01k",
  "lifecycle.action.kind": "dispose",
  "lifecycle.action.result": "completed",
  "lifecycle.action.covered_run_count": 1,
  "lifecycle.action.interrupted_run_count": 1,
  "lifecycle.action.completed_run_count": 0,
  "lifecycle.action.failed_run_count": 0,
  "lifecycle.action.other_run_count": 0,
  "lifecycle.action.unsettled_run_count": 0,
};

describe("the checks of every harvest find what breaks the conventions", () => {
  test.each<[string, Partial<OtlpSpan>, string]>([
    [
      "an unknown name",
      { attributes: { ...completed, "lifecycle.run.mood": "good" } },
      "lifecycle.run.mood is in no table",
    ],
    [
      "an action's attribute on a run",
      { attributes: { ...completed, "lifecycle.action.kind": "dispose" } },
      "lifecycle.action.kind on run",
    ],
    [
      "a run and an action in one",
      { attributes: { ...completed, ...action } },
      "is run and action at once",
    ],
    [
      "an attribute of ours on a span that is nothing of ours",
      { attributes: { "lifecycle.close.class": "error" } },
      "lifecycle.close.class on nothing of ours",
    ],
    [
      "milliseconds",
      { attributes: { ...completed, "lifecycle.interrupt.duration": 250 } },
      "lifecycle.interrupt.duration = 250",
    ],
    [
      "an id that is a path",
      { attributes: { ...completed, "lifecycle.run.id": "/srv/x" } },
      'lifecycle.run.id = "/srv/x"',
    ],
  ])("%s", (_title, rest, breach) => {
    expect(attributeBreaches(span(rest))).toEqual([breach]);
  });

  test.each<[string, Partial<OtlpSpan>, string]>([
    [
      "a class on a completed run",
      { attributes: { ...completed, "lifecycle.close.class": "error" } },
      "lifecycle.close.class on a completed run",
    ],
    [
      "failed without ERROR",
      { attributes: { ...failed, "error.type": "x" } },
      "run failed with UNSET",
    ],
    ["ERROR without error.type", { attributes: failed, status: "ERROR" }, "lacks error.type"],
    ["completed with OK", { attributes: completed, status: "OK" }, "run completed with OK"],
    [
      "a class with another's result",
      {
        attributes: { ...failed, "lifecycle.close.class": "user_cancel", "error.type": "x" },
        status: "ERROR",
      },
      "user_cancel with result failed",
    ],
    [
      "an action that closed it, unnamed",
      {
        attributes: {
          "lifecycle.run.result": "interrupted",
          "lifecycle.close.class": "lifecycle_action",
          "lifecycle.close.confidence": "high",
          "lifecycle.close.action.id": "01k",
          "lifecycle.close.action.kind": "dispose",
          "lifecycle.close.action.trigger": "http",
          "lifecycle.close.action.trace_id": "0af7651916cd43dd8448eb211c80319c",
        },
      },
      "lacks lifecycle.close.action.span_id",
    ],
    [
      "counts that do not add up",
      { attributes: { ...action, "lifecycle.action.covered_run_count": 2 } },
      "1 + 0 + 0 + 0 + 0 is not 2",
    ],
    [
      "a parent without a root",
      { attributes: { ...action, "lifecycle.action.parent_id": "01j" } },
      "lacks lifecycle.action.root_id",
    ],
  ])("%s", (_title, rest, breach) => {
    expect(verdictBreaches(span(rest))).toEqual([breach]);
  });

  test("a link between a span and its own ancestor", () => {
    const [parent, child] = ["b7ad6b7169203331", "00f067aa0ba902b7"];
    const { traceId } = span({});
    const attributes = { "lifecycle.link.type": "closed_by" };
    const spans = [
      span({ name: "dispose", spanId: parent, attributes: action }),
      span({
        spanId: child,
        parentSpanId: parent,
        attributes: completed,
        links: [{ traceId, spanId: parent, attributes }],
      }),
    ];
    expect(linkBreaches(spans)).toEqual(["agent run closed_by dispose: kin"]);
  });

  test("a link the wrong way round, and one to what was not exported", () => {
    const { traceId, spanId } = span({});
    const links = ["closed_by", "interrupts"].map((type, index) => ({
      traceId,
      spanId: index === 0 ? spanId : "00f067aa0ba902b7",
      attributes: { "lifecycle.link.type": type },
    }));
    expect(linkBreaches([span({ name: "dispose", attributes: action, links })])).toEqual([
      "dispose closed_by dispose: action closed_by action",
      "dispose interrupts undefined: was not exported",
    ]);
  });
});
