import { beforeAll, describe, expect, test, vi } from "vitest";
import { accountDocumentOf, documentsOf, type Names, namesIn } from "../support/documents.ts";
import { type Harvest, sowField } from "../support/harvest.ts";
import { CANARIES, disposeThreeDirectories, hashedNames } from "./three-directories.ts";
import { EXPECTED, ROOT, STREAMS } from "./three-directories-expected.ts";

const HASH_KEY = "the tests' own";
// Before the package is loaded, which reads it once.
vi.hoisted(() => {
  process.env["OTEL_LIFECYCLE_HASH_KEY"] = "the tests' own";
});

let harvest: Harvest;
let names: Names;

beforeAll(async () => {
  const field = await sowField({ canaries: CANARIES });
  await disposeThreeDirectories();
  harvest = await field.harvest();
  names = namesIn(harvest.spans, hashedNames(HASH_KEY));
});

describe("the exported OTLP of one dispose_all over three directories (rules 1, 8, 9, 12, 15)", () => {
  test("both ways linked, counted, nested, stamped and inherited: the whole of it", () => {
    expect(documentsOf(harvest.spans, names)).toEqual(EXPECTED);
  });

  test("every span arrived once, in our scopes with their schema URL, and none has an event", () => {
    const ids = harvest.spans.map((span) => span.spanId);
    expect(new Set(ids).size).toBe(ids.length);
    const seen = new Set(
      harvest.spans.map(({ scope, schemaUrl, events }) => [scope, schemaUrl, events].join()),
    );
    expect([...seen].sort()).toEqual([
      "@otel-lifecycle/api,https://otel-lifecycle.dev/schemas/0.1.0,0",
      "host,,0",
    ]);
  });

  test("an interrupt span lies within its action's, and lasts what it says", () => {
    const action = harvest.spans.find((span) => span.name === ROOT);
    const interrupts = harvest.spans.filter((span) => span.name === "interrupt agent run");
    const wrong = interrupts.filter(({ startNano, endNano, attributes }) => {
      const lasted = Number(endNano - startNano) / 1e9;
      const said = Number(attributes["lifecycle.interrupt.duration"]);
      const within = startNano >= (action?.startNano ?? 0n) && endNano <= (action?.endNano ?? 0n);
      return !within || Math.abs(lasted - said) > 1e-6;
    });
    expect([interrupts.length, wrong]).toEqual([6, []]);
  });
});

describe("the account of the same harvest", () => {
  const origin = {
    service: "field",
    startTimeUnixNano: "a time of today",
    endTimeUnixNano: "a time of today",
  };
  const closed = (id: string, close: object) => ({
    ...origin,
    id,
    name: "agent run",
    traceId: `trace of POST ${id}`,
    spanId: id,
    scope: "directory",
    result: "interrupted",
    class: "lifecycle_action",
    confidence: "high",
    via: "error",
    actionId: null,
    missing: [],
    interruptSeconds: null,
    recovered: false,
    ...close,
  });
  const completed = {
    result: "completed",
    class: null,
    confidence: null,
    via: null,
    missing: null,
    recovered: null,
  };
  const dispose = (number: number, runs: object) => ({
    ...origin,
    id: `id of dispose directory directory ${number}`,
    kind: "dispose",
    scope: "directory",
    traceId: "trace of POST /global/dispose",
    spanId: `dispose directory directory ${number}`,
    parentId: `id of ${ROOT}`,
    trigger: "runtime",
    operation: "Instance.dispose",
    signal: null,
    result: "completed",
    runs: { interrupted: 0, completed: 0, failed: 0, other: 0, unsettled: 0, ...runs },
    closed: [],
  });

  test("it says the same, whole", () => {
    const byDisposeAll = { actionId: `id of ${ROOT}`, interruptSeconds: "seconds" };
    expect(accountDocumentOf(harvest.account, names)).toEqual({
      actions: [
        dispose(1, { covered: 4, completed: 1, other: 3 }),
        dispose(2, { covered: 2, other: 2 }),
        dispose(3, { covered: 2, other: 2 }),
        {
          ...origin,
          id: `id of ${ROOT}`,
          kind: "dispose_all",
          scope: "instance_store",
          traceId: "trace of POST /global/dispose",
          spanId: ROOT,
          parentId: null,
          trigger: "http",
          operation: "POST /global/dispose",
          signal: null,
          result: "completed",
          runs: {
            covered: 8,
            interrupted: 6,
            completed: 1,
            failed: 0,
            other: 1,
            unsettled: 0,
          },
          closed: STREAMS,
        },
      ].sort((one, other) => (one.id < other.id ? -1 : 1)),
      runs: [
        // The request that asked for it is a run without a line of code (rule 16).
        closed("POST /global/dispose", {
          ...completed,
          name: "POST /global/dispose",
          traceId: "trace of POST /global/dispose",
          scope: "process",
        }),
        closed("cancelled", { class: "user_cancel", via: "api", interruptSeconds: "seconds" }),
        ...STREAMS.map((id) => closed(id, byDisposeAll)),
        closed("deaf", completed),
        closed("done", completed),
        closed("failed", { result: "failed", class: "error" }),
      ].sort((one, other) => (one.id < other.id ? -1 : 1)),
      // Two below each stream, and one below the run that completed in spite of it; and the requests
      // around the runs that did not complete.
      inherited: 21,
    });
  });
});
