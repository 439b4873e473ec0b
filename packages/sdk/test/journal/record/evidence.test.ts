import { startRun } from "@otel-lifecycle/api";
import { registry } from "@otel-lifecycle/api/internal";
import { createEvidenceLog, type Evidence } from "@otel-lifecycle/incidents";
import { recordIncidents } from "@otel-lifecycle/sdk/incidents";
import { afterEach, expect, test } from "vitest";
import { linesOf, namesOf, recordsOf, setUp } from "./journalling.ts";

afterEach(() => {
  registry.recorder = undefined;
});

const headers = (path: string | undefined) =>
  linesOf(path)
    .filter(({ type }) => type === "H")
    .map(({ body }) => body["incidents"]);

test("rule 23: evidence is in the journal as it is kept, repeats are not, and nothing at the end", () => {
  const { journal } = setUp();
  recordIncidents();
  const run = startRun({ name: "agent run" });
  run.evidence("attempt_started", { source: "provider_stream" });
  run.evidence("text_output_started");
  run.evidence("text_output_started");
  run.evidence("tool_execution_started", { tool: "write_file", toolCallId: "secret id" });
  run.cancel();
  run.fail(new Error("secret"));
  const evidence = recordsOf(journal.path).filter(({ type }) => type === "V");
  expect(namesOf(journal.path)).toEqual(["B2", "V2", "V2", "V2", "V2", "C2", "E2"]);
  const read = createEvidenceLog({ order: () => 0, now: () => 0 });
  for (const { body } of evidence) read.put(body as unknown as Evidence);
  expect(
    read.evidence().map(({ type, attempt, source, count }) => [type, attempt, source, count]),
  ).toEqual([
    ["attempt_started", 1, "provider_stream", 1],
    ["text_output_started", 1, "application", 1],
    ["tool_execution_started", 1, "application", 1],
    ["close_requested", 1, "lifecycle", 1],
  ]);
  expect(JSON.stringify(evidence)).not.toContain("secret");
});

test("the header says that incidents are recorded, once they are", () => {
  const { journal } = setUp();
  startRun({ name: "agent run" }).end();
  expect(headers(journal.path)).toEqual([undefined]);
  recordIncidents();
  startRun({ name: "agent run" }).end();
  startRun({ name: "agent run" }).end();
  expect(headers(journal.path)).toEqual([undefined, true]);
});

test.each([
  [256, 256],
  [257, 256],
])("of %i pieces of evidence %i are written", (given, written) => {
  const { journal } = setUp();
  recordIncidents();
  const run = startRun({ name: "agent run" });
  for (let count = 0; count < given; count += 1) run.evidence("of_my_own", { name: `n${count}` });
  expect(recordsOf(journal.path).filter(({ type }) => type === "V")).toHaveLength(written);
});
