import type { RunIncident } from "@otel-lifecycle/incidents";
import { recordIncidents } from "@otel-lifecycle/sdk/incidents";
import { describe, expect, onTestFinished, test } from "vitest";
import { recoverJournals } from "../../../src/journal/recovery/recover.ts";
import { usePlace } from "../folder/journals.ts";
import {
  action,
  createExporter,
  header,
  idOf,
  type Line,
  leave,
  run,
  source,
  TRACE,
} from "./dead-journal.ts";

const place = usePlace();

const recovered = async (incidents: boolean, ...lines: readonly Line[]) => {
  leave(place.directory, [[header({ incidents }), source(), ...lines]]);
  const { exporter, batches } = createExporter();
  const told: RunIncident[] = [];
  await recoverJournals(place.directory, exporter, {
    onIncident: (incident) => void told.push(incident as RunIncident),
  });
  const of = (n: number) =>
    batches.flat().find((span) => span.spanContext().spanId === idOf(n))?.attributes ?? {};
  return { told, of };
};

const evidence = (order: number, type: string, facts: object = {}): Line => [
  "V",
  1,
  {
    type,
    order,
    at: order,
    count: 1,
    source: "provider_stream",
    attempt: 1,
    facts,
    redactions: [],
  },
];
const ACTION_ID = "01jd4q8z0v0001abcdefghijkm";
const STORY = [
  evidence(11, "attempt_started"),
  evidence(12, "provider_progress"),
  evidence(13, "tool_execution_started", {
    tool: "write_file",
    toolCall: 1,
    effect: "local_file_write",
  }),
];

describe("a lost run has the incident of its evidence (rules 30, 31)", () => {
  test("where its process had recorded incidents, the same whenever it is derived", async () => {
    const [first, again] = [
      await recovered(true, run(1), ...STORY),
      await recovered(true, ...[...STORY, ...STORY].reverse(), run(1)),
    ];
    expect(first.of(1)).toMatchObject({
      "lifecycle.run.result": "lost",
      "lifecycle.incident.cause": "crash_or_restart_incomplete",
      "lifecycle.incident.phase": "tool_execution",
      "lifecycle.incident.retry.recommendation": "ask_user_before_retry",
    });
    expect(first.told).toHaveLength(1);
    expect(first.told[0]).toMatchObject({
      incident_id: `incident:${TRACE}:${idOf(1)}`,
      result: "lost",
      close: { class: "process_lost", confidence: "high", via: "journal" },
    });
    expect(first.told[0]?.evidence.map(({ type, source: by }) => [type, by])).toEqual([
      ["attempt_started", "provider_stream"],
      ["provider_progress", "provider_stream"],
      ["tool_execution_started", "provider_stream"],
      ["run_ended", "journal"],
    ]);
    expect(again.told).toEqual(first.told);
  });

  test("one that an action had covered names the action", async () => {
    const { told, of } = await recovered(true, run(1), ...STORY, action(2, { id: ACTION_ID }));
    expect(of(1)["lifecycle.incident.cause"]).toBe("local_lifecycle_close");
    expect(told[0]?.evidence.map(({ type }) => type)).toContain("close_requested");
    expect(told[0]?.chain).toMatchObject({ actions: [{ id: ACTION_ID, kind: "dispose_all" }] });
  });

  test("what is no evidence is sieved, and a secret in it goes nowhere", async () => {
    const secret = evidence(14, "tool_call_materialized", {
      tool: "sk-4f9a8b7c6d5e4f3a2b1c0d9e8f",
    });
    const { told } = await recovered(true, run(1), secret, ["V", 1, { order: 15 }]);
    expect(JSON.stringify(told)).not.toContain("sk-4f9a");
    expect(told).toHaveLength(1);
  });

  test("where it had not, there is none", async () => {
    const { told, of } = await recovered(false, run(1), ...STORY);
    expect(told).toEqual([]);
    expect(Object.keys(of(1)).filter((name) => name.startsWith("lifecycle.incident"))).toEqual([]);
  });
});

describe("they go where the incidents of who recovers them go", () => {
  const tellInto = (onIncident: (incident: RunIncident) => void): void => {
    const recording = recordIncidents({ onIncident });
    onTestFinished(recording.stop);
  };

  test("once a run, before it is taken down as exported, and again where it was not", async () => {
    const told: RunIncident[] = [];
    tellInto((incident) => void told.push(incident));
    leave(place.directory, [[header({ incidents: true }), source(), run(1), run(2), run(3)]]);
    const { exporter } = createExporter([0, 1]);
    await recoverJournals(place.directory, exporter, { batchSize: 2, maxAttempts: 1 });
    expect(told.map(({ run: { span_id: id } }) => id)).toEqual([idOf(1), idOf(2)]);
    await recoverJournals(place.directory, exporter);
    expect(told.map(({ run: { span_id: id } }) => id)).toEqual([idOf(1), idOf(2), idOf(3)]);
  });

  test("not where the recovery has an onIncident of its own", async () => {
    const told: RunIncident[] = [];
    tellInto((incident) => void told.push(incident));
    const { told: ofItsOwn } = await recovered(true, run(1));
    expect({ told, ofItsOwn: ofItsOwn.length }).toEqual({ told: [], ofItsOwn: 1 });
  });
});
