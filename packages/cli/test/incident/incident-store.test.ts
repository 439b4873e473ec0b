import type { RunIncident } from "@otel-lifecycle/incidents";
import { expect, test } from "vitest";
import { createIncidentStore } from "../../src/incident/incident-store.ts";
import { CRASHED, DISCONNECT, DISPOSED } from "../incident-fixtures.ts";

function storeOf(...incidents: readonly RunIncident[]) {
  const store = createIncidentStore();
  store.add(incidents);
  return store;
}

test("incidents are in the order in which their runs began, those without a time last", () => {
  expect(storeOf(CRASHED, DISCONNECT, DISPOSED).all()).toEqual([DISPOSED, DISCONNECT, CRASHED]);
});

test("of one that is delivered twice the first is kept", () => {
  const later = { ...DISCONNECT, summary: "closed by a later delivery" };
  expect(storeOf(DISCONNECT, CRASHED, later, { ...CRASHED }).all()).toEqual([DISCONNECT, CRASHED]);
});

test.each([
  ["the ids were withheld", "redacted", DISCONNECT.run],
  ["the runs have no span", "incident:unknown", CRASHED.run],
])("where %s, different incidents are not taken for one", (_, incident_id, run) => {
  const one = { ...DISCONNECT, incident_id, run };
  const other = { ...DISPOSED, incident_id, run };
  expect(storeOf(one, other, { ...one }).all()).toEqual([one, other]);
});

test("beyond the bound incidents are counted, and those that are there already are not", () => {
  const store = createIncidentStore(2);
  store.add([DISPOSED, DISCONNECT, DISPOSED]);
  expect([store.all(), store.leftOut()]).toEqual([[DISPOSED, DISCONNECT], 0]);
  store.add([CRASHED, DISCONNECT]);
  expect([store.all(), store.leftOut()]).toEqual([[DISPOSED, DISCONNECT], 1]);
});
