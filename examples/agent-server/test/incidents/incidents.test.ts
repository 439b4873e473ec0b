import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunIncident, readIncidents } from "@otel-lifecycle/incidents";
import { beforeAll, describe, expect, it } from "vitest";
import { leaks } from "../../src/check/leak-check.ts";
import { wireIncidentsOf } from "../../src/check/wire-incident.ts";
import {
  ANSWER,
  MISSING_FILE,
  NOTES,
  NOTES_FILE,
  PROMPT,
  QUESTION,
  REPORT,
} from "../../src/model/written-texts.ts";
import { startAgentServer } from "../agent-server.ts";
import { clearAway, driveRows } from "./driver.ts";
import { toldBy } from "./row.ts";
import { CLOSES, DISCONNECTS, OWN_FAILURES, PROVIDER_FAILURES } from "./rows.ts";

const ROWS = [...DISCONNECTS, ...PROVIDER_FAILURES, ...OWN_FAILURES, ...CLOSES];

let exported: ReadonlyMap<string, RunIncident>;
let written: ReadonlyMap<string, RunIncident>;
let logRequests: readonly string[];
let directories: Readonly<Record<string, string>>;

// All of them on one server, since what it exports arrives when it ends.
beforeAll(async () => {
  const folder = await mkdtemp(join(tmpdir(), "incidents-"));
  const file = join(folder, "incidents.jsonl");
  const server = await startAgentServer({ INCIDENTS_FILE: file });
  const driven = await driveRows(server, ROWS);
  if (server.process.exitCode === null) await once(server.process, "exit");
  logRequests = server.receiver.logRequests;
  directories = Object.fromEntries(driven.map(({ id, directory }) => [id, directory]));
  exported = byRun(wireIncidentsOf(logRequests));
  written = byRun(readIncidents(await readFile(file, "utf8")).incidents);
  await server.stop();
  await clearAway(driven);
  await rm(folder, { recursive: true });
}, 60_000);

const byRun = (incidents: readonly RunIncident[]): ReadonlyMap<string, RunIncident> =>
  new Map(incidents.map((incident) => [incident.run.id ?? "", incident]));

it("has an incident of each run that did not complete, and of no other (31)", () => {
  const ids = ROWS.map(({ id }) => id).sort();
  expect([...exported.keys()].sort()).toEqual(ids);
});

it("writes the same incidents to its file, a line each, as it exports (36)", () => {
  expect(Object.fromEntries(written)).toEqual(Object.fromEntries(exported));
});

describe.each([
  { title: "a provider whose connection breaks", rows: DISCONNECTS },
  { title: "a provider that fails or says nothing", rows: PROVIDER_FAILURES },
  { title: "an application that fails by itself", rows: OWN_FAILURES },
  { title: "a run that is asked to stop", rows: CLOSES },
])("$title (31–34)", ({ rows }) => {
  it.each(rows)("$title", ({ id, told }) => {
    expect(toldBy(exported.get(id))).toEqual(told);
  });
});

it.each([
  { id: "user-then-dispose", closeClass: "user_cancel" },
  { id: "dispose-then-user", closeClass: "lifecycle_action" },
])("keeps what asked $id second as evidence, and no more (28)", ({ id, closeClass }) => {
  const incident = exported.get(id);
  const requests = incident?.evidence.filter(({ type }) => type === "close_requested");
  expect({
    closeClass: incident?.close.class,
    requests: requests?.map(({ role }) => role),
  }).toEqual({ closeClass, requests: ["initiating", undefined] });
});

it.each([
  // Written in part, or whole and not begun: clean-up gave both up, and neither had run.
  { id: "in-tool-input", tools: { input_pending: 1 }, happened: [] },
  { id: "after-call", tools: { not_executed: 1 }, happened: [] },
  { id: "dispose", tools: { interrupted: 1 }, happened: ["external"] },
  { id: "tool-is-killed", tools: { interrupted: 1 }, happened: ["local_process"] },
  { id: "tool-fails", tools: { failed: 1 }, happened: ["read_only"] },
  { id: "after-writing", tools: { completed: 1 }, happened: ["local_file_write"] },
])(
  "tells of the tools of $id what became of each, clean-up or not (35)",
  ({ id, tools, happened }) => {
    const facts = exported.get(id)?.facts;
    expect(facts?.tools).toEqual({ ...NO_TOOLS, ...tools });
    expect(facts?.side_effects.happened).toEqual(happened);
    expect(facts?.finalizers).toEqual({ completed: 1, failed: 0, pending: 0 });
  },
);

const NO_TOOLS = {
  input_pending: 0,
  not_executed: 0,
  running: 0,
  interrupted: 0,
  completed: 0,
  failed: 0,
};

it.each([
  { id: "reload", kind: "reload", route: "/instance/reload" },
  { id: "evict", kind: "evict", route: "/instance/evict" },
  { id: "dispose-directory", kind: "dispose_directory", route: "/directory/dispose" },
  { id: "dispose-all", kind: "dispose_all", route: "/global/dispose" },
])("names the request behind $id", ({ id, kind, route }) => {
  const { actions, nearest_request } = exported.get(id)?.chain ?? {};
  expect(actions).toMatchObject([{ kind, trigger: "http", operation: `POST ${route}` }]);
  expect(nearest_request).toMatchObject({ method: "POST", route, action_id: actions?.[0]?.id });
});

it("names the signal behind a shutdown", () => {
  expect(exported.get("shutdown")?.chain).toMatchObject({
    nearest_origin: { trigger: "signal", signal: "SIGTERM" },
  });
});

it("holds no text of anybody, and no path (36)", () => {
  const texts = { PROMPT, NOTES, NOTES_FILE, MISSING_FILE, QUESTION, REPORT, ANSWER };
  expect(leaks(logRequests, { ...directories, ...texts, model: "No Such Model" })).toEqual([]);
});
