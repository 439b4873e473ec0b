import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunIncident, toDocument } from "@otel-lifecycle/incidents";
import { afterAll, beforeAll, expect, test } from "vitest";
import { renderIncidents } from "../../src/index.ts";
import { anyValue, CRASHED, DISCONNECT, DISPOSED, logsLine } from "../incident-fixtures.ts";
import { closedRun, completedRun, otlpLine } from "../otlp-builder.ts";
import { finish, startWhyClosed, whyClosed } from "./bin.ts";

// In the order in which their runs began.
const ALL = [DISPOSED, DISCONNECT, CRASHED];
const TEXT = { status: 0, stdout: renderIncidents(ALL), stderr: "" };
const MIXED = [
  logsLine(DISCONNECT),
  otlpLine(completedRun(1, "r1")),
  JSON.stringify(DISPOSED),
  '{"resourceMetrics":[]}',
  JSON.stringify(toDocument([CRASHED])),
].join("\n");

let folder = "";

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "why-closed-"));
});

afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(path, text);
  return path;
}

function jsonOf(incidents: readonly RunIncident[]) {
  return JSON.parse(JSON.stringify(toDocument(incidents)));
}

test.each([
  ["OTLP logs", logsLine(...ALL)],
  ["a document", JSON.stringify(toDocument(ALL))],
  ["a pretty-printed document", JSON.stringify(toDocument(ALL), null, 2)],
  [
    "a document with an incident a line",
    `{"schema_version":1,"run_incidents":[\n${ALL.map((one) => JSON.stringify(one)).join(",\n")}\n]}`,
  ],
  ["JSON Lines", ALL.map((incident) => `${JSON.stringify(incident)}\n`).join("")],
  ["an array", JSON.stringify(ALL, null, 2)],
  ["all of them mixed with other signals", MIXED],
])("incidents are printed out of %s", async (_, text) => {
  expect(await whyClosed(["incidents", await file("incidents.jsonl", text)])).toEqual(TEXT);
  expect(await whyClosed(["incidents", "-"], text)).toEqual(TEXT);
});

test("standard input is read when nothing is named, and a folder gives its files", async () => {
  await file("folder/b.json", JSON.stringify(toDocument([CRASHED])));
  await file("folder/a.jsonl", logsLine(DISCONNECT, DISPOSED));
  const other = await file("folder/package.json", '{"name":"other"}');
  expect(await whyClosed(["incidents"], MIXED)).toEqual(TEXT);
  expect(await whyClosed(["incidents", join(folder, "folder")])).toEqual({
    ...TEXT,
    stderr: `why-closed: ${other}: left out, nothing in it is OTLP JSON or incidents (line 1: it is neither OTLP nor an incident)\n`,
  });
});

test("an incident that is delivered twice is printed once, wherever it comes from", async () => {
  const path = await file("twice.jsonl", MIXED);
  const twice = [MIXED, JSON.stringify(DISCONNECT), logsLine(DISPOSED)].join("\n");
  expect(await whyClosed(["incidents", path, path, "-"], twice)).toEqual(TEXT);
});

test("--json prints the document", async () => {
  const { status, stdout, stderr } = await whyClosed(["incidents", "--json"], MIXED);
  expect({ status, stderr, document: JSON.parse(stdout) }).toEqual({
    status: 0,
    stderr: "",
    document: jsonOf(ALL),
  });
});

test("--json says how many a document has no room for", async () => {
  const line = JSON.stringify(CRASHED);
  const lines = Array.from({ length: 10_001 }, (_, index) =>
    line.replaceAll(CRASHED.incident_id, `incident:docs-${index}`),
  );
  const { status, stdout, stderr } = await whyClosed(["incidents", "--json"], lines.join("\n"));
  expect({ status, stderr, printed: JSON.parse(stdout).run_incidents.length }).toEqual({
    status: 0,
    stderr: "why-closed: only the first 10000 incidents are in the document, left out: 1\n",
    printed: 10_000,
  });
});

test("the event may have its name in an attribute, as before OTLP 1.5", async () => {
  const named = (attribute: string) =>
    JSON.stringify({
      resource_logs: [
        {
          scope_logs: [
            {
              log_records: [
                {
                  body: anyValue(CRASHED),
                  attributes: [{ key: attribute, value: anyValue("lifecycle.run.incident") }],
                },
              ],
            },
          ],
        },
      ],
    });
  const document = async (line: string) =>
    JSON.parse((await whyClosed(["incidents", "--json"], line)).stdout);
  expect(await document(named("event.name"))).toEqual(jsonOf([CRASHED]));
  expect(await document(named("name"))).toEqual(jsonOf([]));
});

test("spans that tell of incidents are told where no incident is", async () => {
  const spans = otlpLine(
    closedRun(1, "r1", "error", { "lifecycle.incident.cause": "user_cancel" }),
    closedRun(2, "r2", "error", { "lifecycle.incident.cause": "user_cancel" }),
    completedRun(3, "r3"),
  );
  expect(await whyClosed(["incidents"], spans)).toEqual({
    status: 0,
    stdout: "no incident is in this input\n",
    stderr:
      "why-closed: no incident is here, though 2 spans tell of one: incidents come in OTLP logs, or from the file of recordIncidents()\n",
  });
  expect(await whyClosed(["incidents"], [spans, MIXED].join("\n"))).toEqual(TEXT);
});

test("OTLP without incidents is no mistake", async () => {
  expect(await whyClosed(["incidents"], '{"resourceLogs":[]}')).toEqual({
    status: 0,
    stdout: "no incident is in this input\n",
    stderr: "",
  });
  expect(JSON.parse((await whyClosed(["incidents", "--json"], "{}")).stdout)).toEqual(jsonOf([]));
});

test("what has not the form of an incident is told, and the rest printed", async () => {
  const input = [
    logsLine(CRASHED, "text", { ...CRASHED, phases: 1 }, [[]], undefined),
    JSON.stringify({ schema_version: 2, run_incidents: [CRASHED] }),
    JSON.stringify({ incident_id: "x" }),
    "hello",
    '{"level":"info"}',
  ].join("\n");
  expect(await whyClosed(["incidents"], input)).toEqual({
    status: 0,
    stdout: renderIncidents([CRASHED]),
    stderr: [
      "why-closed: standard input: 2 lines are not OTLP JSON or incidents and left out, first line 4: it is not valid JSON",
      "why-closed: standard input: incidents of another form left out: 6",
      "",
    ].join("\n"),
  });
});

test("a line that is torn takes none with it", async () => {
  const line = JSON.stringify(CRASHED);
  for (const end of [1, 30, line.length - 1]) {
    const input = [line.slice(0, end), JSON.stringify(DISCONNECT), line].join("\n");
    const { stdout, stderr } = await whyClosed(["incidents"], input);
    expect(stdout).toBe(renderIncidents([DISCONNECT, CRASHED]));
    expect(stderr).toContain("1 line is not OTLP JSON or incidents and left out, first line 1");
  }
});

test.each([
  ["an unknown option", ["--all"], "", "unknown option '--all' (see --help)"],
  ["a missing file", ["nowhere.jsonl"], "", "nowhere.jsonl: there is no such file or folder"],
  ["nothing", [], "", "standard input: it is empty"],
  [
    "no JSON",
    [],
    "hello\n",
    "standard input: nothing in it is OTLP JSON or incidents (line 1: it is not valid JSON)",
  ],
  [
    "other JSON",
    [],
    '\n{"a":1}\n',
    "standard input: nothing in it is OTLP JSON or incidents (line 2: it is neither OTLP nor an incident)",
  ],
  [
    "logs that are none",
    [],
    '{"resourceLogs":1}',
    "standard input: nothing in it is OTLP JSON or incidents (line 1: resourceLogs is not a list)",
  ],
])("%s is one clear error", async (_, args, stdin, message) => {
  expect(await whyClosed(["incidents", ...args], stdin)).toEqual({
    status: 2,
    stdout: "",
    stderr: `why-closed: ${message}\n`,
  });
});

test("without the command a file of incidents is told from what is no OTLP at all", async () => {
  const reason = "it holds incidents, which `why-closed incidents` prints";
  for (const input of [JSON.stringify(CRASHED), JSON.stringify(toDocument([CRASHED]), null, 2)])
    expect(await whyClosed([], input)).toEqual({
      status: 2,
      stdout: "",
      stderr: `why-closed: standard input: nothing in it is OTLP JSON (line 1: ${reason})\n`,
    });
  expect(await whyClosed([], MIXED)).toMatchObject({
    status: 0,
    stdout: "1 run completed\n",
    stderr: expect.stringContaining("2 lines are not OTLP JSON"),
  });
});

const HOSTILE = `\u001b[2J\u0007\u202e\u2028\ud800${"x".repeat(10_000)}`;

/** An incident with a text in the place of each of its strings, lists and maps included. */
function poisoned(value: unknown): unknown {
  if (typeof value === "string") return HOSTILE;
  if (Array.isArray(value)) return [...value.map(poisoned), HOSTILE];
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, held]) => [key, poisoned(held)]);
  return Object.fromEntries([...entries, [HOSTILE, HOSTILE], ["__proto__", { hostile: HOSTILE }]]);
}

/** The same with one of its strings poisoned, for each of them. */
function poisonedOnce(incident: RunIncident): readonly unknown[] {
  const poison = { count: 0 };
  const total = JSON.stringify(incident).split('"').length;
  const once = (value: unknown, at: number): unknown => {
    if (typeof value === "string") return poison.count++ === at ? HOSTILE : value;
    if (Array.isArray(value)) return value.map((held) => once(held, at));
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, held]) => [key, once(held, at)]));
  };
  return Array.from({ length: total }, (_, at) => {
    poison.count = 0;
    return { ...(once(incident, at) as object), incident_id: `incident:poisoned-${at}` };
  });
}

test("nothing hostile reaches the terminal or the document, whatever field it is in", async () => {
  const given = [DISPOSED, DISCONNECT].flatMap((incident) => [
    poisoned(incident),
    ...poisonedOnce(incident),
  ]);
  const input = [
    logsLine(...given),
    ...given.map((incident) => JSON.stringify(incident)),
    JSON.stringify({ schema_version: 1, run_incidents: given }),
  ].join("\n");
  for (const format of [[], ["--json"]]) {
    const { status, stdout } = await whyClosed(["incidents", ...format], input);
    expect(status).toBe(0);
    expect(stdout).not.toMatch(/[^\n\P{Cc}]|[\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|xxxx|\[2J/u);
    expect(stdout.length).toBeGreaterThan(100_000);
  }
});

test.each([
  ["deep JSON", `{"incident_id":${"[".repeat(200_000)}${"]".repeat(200_000)}}`],
  [
    "a deep body",
    `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"eventName":"lifecycle.run.incident","body":${'{"arrayValue":{"values":['.repeat(50_000)}{}${"]}}".repeat(50_000)}}]}]}]}`,
  ],
  [
    "prototype keys",
    logsLine(JSON.parse('{"__proto__":{"incident_id":"x"},"constructor":{"prototype":{}}}')),
  ],
  ["a body of ten megabytes", logsLine({ incident_id: "x".repeat(10_000_000) })],
  ["a hundred thousand keys", logsLine(Object.fromEntries(keys(100_000)))],
])("%s is an incident of another form", async (_, input) => {
  expect(await whyClosed(["incidents"], input)).toEqual({
    status: 0,
    stdout: "no incident is in this input\n",
    stderr: "why-closed: standard input: incidents of another form left out: 1\n",
  });
});

function keys(count: number): readonly (readonly [string, string])[] {
  return Array.from({ length: count }, (_, at) => [`key-${at}`, "value"] as const);
}

test("a reader that goes away early is no error", async () => {
  const many = Array.from({ length: 2000 }, (_, at) => ({
    ...CRASHED,
    incident_id: `incident:i-${at}`,
  }));
  const child = startWhyClosed("incidents", await file("many.jsonl", logsLine(...many)));
  child.stdout.once("data", () => child.stdout.destroy());
  expect(await finish(child)).toMatchObject({ status: 0, stderr: "" });
});
