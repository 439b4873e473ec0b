import { logs } from "@opentelemetry/api-logs";
import { SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import {
  createScope,
  lifecycleSnapshot,
  SCHEMA_URL,
  type Scope,
  startRun,
} from "@otel-lifecycle/api";
import { VERSION } from "@otel-lifecycle/api/internal";
import type { RunIncident } from "@otel-lifecycle/incidents";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import {
  type IncidentOptions,
  type IncidentRecording,
  type LoggerProvider,
  recordIncidents,
} from "@otel-lifecycle/sdk/incidents";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { KeepingExporter, registerProvider } from "../tracing.ts";
import { type Logging, startLogging, type WireRecord } from "./logging.ts";

/** Where `@opentelemetry/api` keeps what is registered with it, from 1.10 on the logger provider too. */
const API = Symbol.for("opentelemetry.js.api.1");
const globals = globalThis as { [API]?: { logs?: LoggerProvider } };

let logging: Logging;
let scope: Scope;
let incidents: RunIncident[];
let recording: IncidentRecording | undefined;

beforeEach(async () => {
  logging = await startLogging();
  scope = createScope({ kind: "instance" });
  incidents = [];
  registerProvider([new LifecycleSpanProcessor(), new SimpleSpanProcessor(new KeepingExporter())]);
});
afterEach(async () => {
  recording?.stop();
  delete globals[API]?.logs;
  await logging.provider.shutdown();
});

const record = (options: IncidentOptions = {}): void => {
  recording = recordIncidents({ onIncident: (incident) => incidents.push(incident), ...options });
};
const register = (): void => {
  logs.setGlobalLoggerProvider(logging.provider);
};
const breakOff = (name = "agent run"): void => {
  const run = startRun({ name, id: "r1", scope });
  run.evidence("provider_progress");
  run.fail(new Error("broke"));
};
const received = async (): Promise<readonly WireRecord[]> => {
  await recording?.flush();
  return logging.received();
};
const namesOf = (records: readonly WireRecord[]) => records.map(({ eventName }) => eventName);
const ALL = ["lifecycle.run.evidence", "lifecycle.run.evidence", "lifecycle.run.incident"];

test("on the wire an incident is one event, whole, and each kept piece of its evidence another, in the run's context (conventions: Logs)", async () => {
  register();
  record();
  breakOff();
  const records = await received();
  const [incident] = incidents;
  if (incident === undefined) throw new Error("no incident");
  const { started_at, ended_at, trace_id, span_id } = incident.run;
  const nanos = (rfc3339 = "", seconds = 0): bigint =>
    BigInt(Date.parse(rfc3339)) * 1_000_000n + BigInt(Math.round(seconds * 1e9));
  const common = {
    scope: { name: "@otel-lifecycle/sdk", version: VERSION },
    schemaUrl: SCHEMA_URL,
    traceId: trace_id,
    spanId: span_id,
    flags: 1,
    droppedAttributesCount: 0,
    observedTimeUnixNano: expect.stringMatching(/^\d{19}$/),
  };
  expect(records).toEqual([
    ...incident.evidence.map((evidence) => ({
      ...common,
      eventName: "lifecycle.run.evidence",
      timeUnixNano: about(nanos(started_at, evidence.time)),
      severityNumber: 9,
      severityText: "INFO",
      body: evidence,
      attributes: { "lifecycle.run.id": "r1" },
    })),
    {
      ...common,
      eventName: "lifecycle.run.incident",
      timeUnixNano: String(nanos(ended_at)),
      severityNumber: 17,
      severityText: "ERROR",
      body: incident,
      attributes: {
        "lifecycle.run.id": "r1",
        "lifecycle.run.result": "failed",
        "lifecycle.close.class": "error",
        "lifecycle.incident.cause": incident.cause,
        "lifecycle.incident.phase": incident.phases.run,
        "lifecycle.incident.retry.recommendation": incident.retry.recommendation,
      },
    },
  ]);
  expect(records).toHaveLength(3);
});

// Times are seconds in a double, of which a nanosecond is beyond the last digit.
const about = (nanos: bigint) =>
  expect.toSatisfy((text: string) => Math.abs(Number(BigInt(text) - nanos)) < 1_000);

test("an interruption is nobody's failure: its event is INFO", async () => {
  register();
  record();
  const run = startRun({ name: "agent run", scope });
  run.cancel();
  run.fail(run.signal.reason);
  expect((await received()).map(({ severityText }) => severityText)).toEqual(
    Array.from({ length: incidents[0]?.evidence.length ?? 0 }, () => "INFO").concat("INFO"),
  );
});

describe("where the logger provider is found", () => {
  test("registered with @opentelemetry/api-logs, as the 2.x line has it", async () => {
    register();
    record();
    breakOff();
    expect(namesOf(await received())).toEqual(ALL);
  });

  test("registered with @opentelemetry/api 1.10, as the 3.x line has it", async () => {
    const api = globals[API];
    if (api === undefined) throw new Error("no API");
    api.logs = logging.provider;
    record();
    breakOff();
    expect(namesOf(await received())).toEqual(ALL);
  });

  test("given as an option, which goes before what is registered", async () => {
    const other = await startLogging();
    logs.setGlobalLoggerProvider(other.provider);
    record({ loggerProvider: logging.provider });
    breakOff();
    expect(namesOf(await received())).toEqual(ALL);
    expect(await other.received()).toEqual([]);
  });

  test("registered after recordIncidents()", async () => {
    record();
    breakOff();
    register();
    breakOff();
    expect(namesOf(await received())).toEqual(ALL);
  });

  test("nowhere with logEvents false, nor where none is registered", async () => {
    register();
    record({ logEvents: false });
    breakOff();
    expect(await received()).toEqual([]);
  });
});

test("who awaits a run and then shuts the logs down has its events", async () => {
  register();
  record();
  const ended = (async () => {
    await Promise.resolve();
    breakOff();
  })();
  await ended;
  await logging.provider.shutdown();
  expect(namesOf(await logging.received())).toEqual(ALL);
});

test("flushSync() hands over what waits before it returns", async () => {
  register();
  record();
  breakOff();
  recording?.flushSync();
  expect(namesOf(await logging.received())).toEqual(ALL);
});

test("of many that end in one turn each has its own event, and from the 65th that waits on none for its evidence", async () => {
  record({ loggerProvider: logging.provider });
  for (let count = 1; count <= 66; count += 1) breakOff();
  const names = namesOf(await received());
  expect([
    names.filter((name) => name === "lifecycle.run.incident").length,
    names.filter((name) => name === "lifecycle.run.evidence").length,
  ]).toEqual([66, 2 * 64]);
});

test("a logger that throws is counted, and the run ends as it would (rule 38)", async () => {
  const before = lifecycleSnapshot().bounded["log events"] ?? 0;
  const emit = (): never => {
    throw new Error("hostile");
  };
  record({ loggerProvider: { getLogger: () => ({ emit }) } });
  breakOff();
  await recording?.flush();
  expect(lifecycleSnapshot().bounded["log events"]).toBe(before + 1);
  expect(incidents).toHaveLength(1);
});
