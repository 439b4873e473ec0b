import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { REGISTER, runAndReceive } from "./support/program.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "incidents-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const incidentsIn = (attributes: Readonly<Record<string, unknown>> = {}) =>
  Object.fromEntries(
    Object.entries(attributes).filter(([name]) => name.startsWith("lifecycle.incident.")),
  );
const FAILED = {
  "lifecycle.incident.cause": "unknown_interruption",
  "lifecycle.incident.phase": "streaming",
};
const SHUT_DOWN = {
  "lifecycle.incident.cause": "local_lifecycle_close",
  "lifecycle.incident.subcause": "shutdown",
  "lifecycle.incident.phase": "streaming",
  "lifecycle.incident.retry.recommendation": "do_not_retry",
};

describe("OTEL_LIFECYCLE_INCIDENTS", () => {
  it.each([
    ["fails", 0, FAILED],
    ["fails, then exit", 0, FAILED],
    ["exit", 0, SHUT_DOWN],
    ["SIGTERM", null, SHUT_DOWN],
  ])("records the run of a process that ends by: %s", async (how, status, expected) => {
    const path = join(folder, "incidents.jsonl");
    const env = { HOW: how, OTEL_LIFECYCLE_INCIDENTS_FILE: path };
    const { spans, ...ended } = await runAndReceive("incidents.mjs", { env });
    const lines = readFileSync(path, "utf8").split("\n").slice(0, -1);
    const incidents = lines.map((line) => JSON.parse(line));
    const span = spans.find(({ name }) => name === "agent run");
    expect({ ...ended, attributes: incidentsIn(span?.attributes) }).toEqual({
      status,
      stderr: "",
      output: undefined,
      attributes: expect.objectContaining(expected),
    });
    expect(incidents.map(({ run, cause }) => [run.id, run.name, cause])).toEqual([
      ["r1", "agent run", expected["lifecycle.incident.cause"]],
    ]);
  });

  it("records them as well where Node cannot require an ES module", async () => {
    const flags = ["--no-experimental-require-module", ...REGISTER];
    const env = { HOW: "fails", LATE: "1", OTEL_LIFECYCLE_INCIDENTS: "on" };
    const { spans, stderr } = await runAndReceive("incidents.mjs", { flags, env });
    const span = spans.find(({ name }) => name === "agent run");
    expect({ stderr, attributes: incidentsIn(span?.attributes) }).toEqual({
      stderr: "",
      attributes: expect.objectContaining(FAILED),
    });
  });

  it.each([
    ["off", undefined],
    ["", undefined],
    ["on", "streaming"],
  ])("is by itself %j", async (given, phase) => {
    const env = { HOW: "fails", OTEL_LIFECYCLE_INCIDENTS: given };
    const { spans } = await runAndReceive("incidents.mjs", { env });
    const span = spans.find(({ name }) => name === "agent run");
    expect(incidentsIn(span?.attributes)["lifecycle.incident.phase"]).toBe(phase);
  });
});
