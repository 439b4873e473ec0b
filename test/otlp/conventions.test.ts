import * as api from "@otel-lifecycle/api";
import { recordIncidents } from "@otel-lifecycle/sdk/incidents";
import { beforeAll, describe, expect, test } from "vitest";
import { attributeBreaches, CONVENTIONS, carriersOf, FOREIGN } from "../support/conventions.ts";
import { type Harvest, sowField } from "../support/harvest.ts";
import { linkBreaches } from "../support/links.ts";
import type { OtlpSpan } from "../support/otlp-span.ts";
import { verdictBreaches } from "../support/verdicts.ts";
import { CANARIES, closeEveryWay } from "./every-close.ts";

let harvest: Harvest;

beforeAll(async () => {
  recordIncidents();
  const field = await sowField({ canaries: CANARIES });
  await closeEveryWay();
  harvest = await field.harvest();
});

const valuesOf = (name: string): readonly unknown[] => [
  ...new Set(harvest.spans.flatMap((span) => span.attributes[name] ?? [])),
];
const breaches = (check: (span: OtlpSpan) => readonly string[]) =>
  harvest.spans.flatMap((span) => check(span).map((breach) => `${span.name}: ${breach}`));

test("every name that the api exports is in the table, and the other way round", () => {
  const exported = Object.entries(api)
    .filter(([name]) => name.startsWith("ATTR_"))
    .map(([, value]) => value);
  expect(exported.sort()).toEqual([...Object.keys(CONVENTIONS), ...FOREIGN].sort());
});

describe("a harvest of every kind of close keeps to the conventions", () => {
  test("it does hold every kind", () => {
    expect(valuesOf("lifecycle.close.class").toSorted()).toEqual([
      "error",
      "lifecycle_action",
      "timeout",
      "unknown_scope_close",
      "upstream_disconnect",
      "user_cancel",
    ]);
    expect(valuesOf("lifecycle.close.via").toSorted()).toEqual([
      "api",
      "context",
      "deadline",
      "error",
      "registry",
      "shutdown",
      "signal_reason",
    ]);
    expect(valuesOf("lifecycle.close.confidence").toSorted()).toEqual(["high", "low", "medium"]);
    expect(valuesOf("lifecycle.run.result").toSorted()).toEqual([
      "completed",
      "failed",
      "interrupted",
    ]);
    expect(valuesOf("lifecycle.incident.cause").toSorted()).toEqual([
      "local_lifecycle_close",
      "provider_transport_disconnect",
      "unknown_interruption",
      "user_cancel",
      "watchdog_timeout",
    ]);
    expect(valuesOf("lifecycle.action.result").toSorted()).toEqual([
      "completed",
      "failed",
      "unsettled",
    ]);
    expect(valuesOf("lifecycle.interrupt.result").toSorted()).toEqual(["stopped", "unsettled"]);
    expect(new Set(harvest.spans.flatMap(carriersOf))).toEqual(
      new Set(["run", "action", "interrupt", "below"]),
    );
  });

  test("no attribute stands where it may not, or has a value that it may not have", () => {
    expect(breaches(attributeBreaches)).toEqual([]);
  });

  test("what belongs together is together: results, classes, status and error.type, counts", () => {
    expect(breaches(verdictBreaches)).toEqual([]);
  });

  test("links lead from runs to actions and back, never between a span and its ancestor", () => {
    expect(linkBreaches(harvest.spans)).toEqual([]);
  });
});
