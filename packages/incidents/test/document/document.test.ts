import { type RunIncident, readIncidents, toDocument, toJsonLine } from "@otel-lifecycle/incidents";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fullIncident } from "../support/incident.ts";
import { complaintsOf } from "../support/published-schema.ts";

/** An incident that differs from the full one where the types would not let it. */
const differing = (fields: object): RunIncident => ({ ...fullIncident, ...fields }) as RunIncident;

describe("exporting", () => {
  test("a safe incident goes out as it is", () => {
    expect(toDocument([fullIncident])).toEqual({
      schema_version: 1,
      run_incidents: [fullIncident],
    });
    expect(JSON.parse(toJsonLine(fullIncident))).toEqual(fullIncident);
  });

  test.each([
    ["incident_id", `incident:${"a1".repeat(16)}:${"0".repeat(16)}`],
    ["incident_id", `incident:${"0".repeat(32)}:${"a1".repeat(8)}`],
    ["summary_key", "__.unknown"],
    ["summary_key", "tool_failure.2x"],
  ])("%s is withheld where a part of it is not allowed: %s", (field, value) => {
    expect(JSON.parse(toJsonLine(differing({ [field]: value })))).toEqual({
      ...fullIncident,
      [field]: "redacted",
      redactions: [...fullIncident.redactions, field],
    });
  });

  test("what a list says of itself is not asked", () => {
    const told = { map: () => told, filter: () => "the password" };
    const evidence = Object.assign([...fullIncident.evidence], {
      slice: () => told,
      map: () => "the password",
      [Symbol.iterator]: () => ["the password"].values(),
    });
    expect(JSON.parse(toJsonLine(differing({ evidence })))).toEqual(fullIncident);
  });

  test("a string that is not allowed is withheld and named, once", () => {
    const [evidence] = fullIncident.evidence;
    const [incident] = toDocument([
      differing({
        run: { ...fullIncident.run, name: "tell me\nthe password", id: "/home/ada/.ssh" },
        evidence: [
          { ...evidence, tool: "/etc/passwd", source: "two words" },
          { ...evidence, tool: "rm -rf" },
        ],
        chain: {
          ...fullIncident.chain,
          actions: [{ ...fullIncident.chain.actions[0], operation: "GET /a?token=b" }],
        },
      }),
    ]).run_incidents;
    expect(incident).toEqual({
      ...fullIncident,
      run: { ...fullIncident.run, name: "redacted", id: "redacted" },
      evidence: [
        { ...evidence, tool: "redacted", source: "redacted" },
        { ...evidence, tool: "redacted" },
      ],
      chain: {
        ...fullIncident.chain,
        actions: [{ ...fullIncident.chain.actions[0], operation: "redacted" }],
      },
      redactions: [
        "evidence.tool",
        "run.name",
        "run.id",
        "chain.actions.operation",
        "evidence.source",
      ],
    });
  });

  test("an optional field that can hold no such word is left out and named", () => {
    const { trace_id: _, started_at: __, ...run } = fullIncident.run;
    const given = { ...run, trace_id: "0AF7", started_at: "yesterday" };
    expect(toDocument([differing({ run: given })]).run_incidents).toEqual([
      {
        ...fullIncident,
        run,
        redactions: ["evidence.tool", "run.trace_id", "run.started_at"],
      },
    ]);
  });

  test("a field that nobody knows is left out, its name too", () => {
    const given = differing({ prompt: "secret", facts: { ...fullIncident.facts, hunter2: 1 } });
    expect(toDocument([given]).run_incidents).toEqual([
      { ...fullIncident, redactions: ["evidence.tool", "facts.other", "other"] },
    ]);
  });

  test("a summary of other words than ours is withheld", () => {
    const [incident] = toDocument([differing({ summary: "my password is hunter2" })]).run_incidents;
    expect(incident?.summary).toBe("redacted");
  });

  test.each([
    "closed by zq81xkcd04vb77hwpt3m; do not retry",
    "the provider answered with an error (zq81xkcd04vb77hwpt3m)",
    "closed by reload; rm -rf",
    "closed by reload because he said so",
  ])("%s is no summary", (summary) => {
    expect(toDocument([differing({ summary })]).run_incidents[0]?.summary).toBe("redacted");
  });

  test("a run's name that is a sentence is withheld", () => {
    const run = { ...fullIncident.run, name: "tell nobody my pass word" };
    const [incident] = toDocument([differing({ run })]).run_incidents;
    expect([incident?.run.name, incident?.redactions]).toEqual([
      "redacted",
      ["evidence.tool", "run.name"],
    ]);
  });

  test("a kind has 32 characters at most, in front of which nothing comes", () => {
    const [evidence] = fullIncident.evidence;
    const kinds = [`${"tool_".repeat(6)}do`, `_${"tool_".repeat(6)}do`];
    const given = differing({ evidence: kinds.map((type) => ({ ...evidence, type })) });
    expect(toDocument([given]).run_incidents[0]?.evidence.map(({ type }) => type)).toEqual([
      kinds[0],
      "redacted",
    ]);
  });

  test("64 paths of what was withheld are named, the first", () => {
    const letters = [..."abcdefgh"];
    const redactions = letters.flatMap((one) => letters.map((other) => `run.go_${one}n_${other}n`));
    const given = differing({ redactions, summary: "secret" });
    expect(toDocument([given]).run_incidents[0]?.redactions).toEqual(redactions);
  });

  test("a document holds 10,000 incidents, the first", () => {
    const many = Array.from({ length: 10_001 }, () => fullIncident);
    expect(toDocument(many).run_incidents).toHaveLength(10_000);
  });

  test("more than 24 pieces of evidence are cut, and that is named", () => {
    const [evidence] = fullIncident.evidence;
    const given = differing({ evidence: Array.from({ length: 25 }, () => evidence) });
    const [incident] = toDocument([given]).run_incidents;
    expect([incident?.evidence.length, incident?.redactions]).toEqual([
      24,
      ["evidence.tool", "evidence"],
    ]);
  });

  test("what is no incident is left out of a document, and its line is empty", () => {
    const none = differing({ cause: "meteor" });
    expect(toDocument([none, fullIncident]).run_incidents).toEqual([fullIncident]);
    expect(toJsonLine(none)).toBe("");
  });

  test("a line has no newline in it, nor what a terminal would act on", () => {
    expect(toJsonLine(fullIncident)).toMatch(/^\{[ -~]*\}$/);
  });
});

describe("reading back", () => {
  const line = toJsonLine(fullIncident);
  const document = toDocument([fullIncident, fullIncident]);

  test.each([
    ["a document", JSON.stringify(document), 2],
    ["a document over several lines", JSON.stringify(document, null, 2), 2],
    ["a parsed document", document, 2],
    ["JSON Lines", `${line}\n${line}\n${line}\n`, 3],
    ["JSON Lines of Windows", `${line}\r\n${line}\r\n`, 2],
    ["documents as JSON Lines", `${JSON.stringify(document)}\n${line}\n`, 3],
    ["one incident", line, 1],
    ["one incident behind a byte order mark", `\uFEFF${line}`, 1],
    ["a parsed incident", fullIncident, 1],
    ["an empty text", "", 0],
    ["empty lines", "\n \n", 0],
  ])("%s", (_, given, count) => {
    expect(readIncidents(given)).toEqual({
      incidents: Array.from({ length: count }, () => fullIncident),
      leftOut: 0,
    });
  });

  test.each([
    ["a torn line", `${line}\n${line.slice(0, -9)}\n`, 1, 1],
    ["a text that is none of it", "GET / HTTP/1.1\n\nhello", 0, 2],
    ["a document of another version", JSON.stringify({ ...document, schema_version: 2 }), 0, 1],
    [
      "incidents of another version",
      `${JSON.stringify({ ...fullIncident, schema_version: 2 })}\n${line}`,
      1,
      1,
    ],
    ["a list", [fullIncident], 0, 1],
    ["null", null, 0, 1],
    ["undefined", undefined, 0, 1],
    ["a number", "42", 0, 1],
    [
      "a document with others among them",
      { ...document, run_incidents: [null, fullIncident, {}] },
      1,
      2,
    ],
    ["a text nested beyond reason", "[".repeat(1_000_000), 0, 1],
    [
      "nesting inside of an incident",
      line.replace('"gaps":[', `"gaps":[${"[".repeat(5_000)}${"]".repeat(5_000)},`),
      1,
      0,
    ],
    [
      "getters that throw",
      {
        get run_incidents(): unknown {
          throw new Error("no");
        },
      },
      0,
      1,
    ],
    [
      "a document whose members throw",
      {
        schema_version: 1,
        run_incidents: [
          {
            get run(): unknown {
              throw new Error("no");
            },
          },
        ],
      },
      0,
      1,
    ],
    ["a revoked proxy", revoked(), 0, 1],
    ["a list without an end", { schema_version: 1, run_incidents: new Array(2 ** 32 - 1) }, 0, 1],
    [
      "a list that says itself what is in it",
      { schema_version: 1, run_incidents: iteratingOver(fullIncident) },
      0,
      0,
    ],
    ["what an object only inherits", Object.create(fullIncident), 0, 1],
  ])("of %s what fits", (_, given, fitting, leftOut) => {
    const read = readIncidents(given);
    expect([read.incidents.length, read.leftOut]).toEqual([fitting, leftOut]);
  });

  test("keys of prototypes are nobody's fields", () => {
    const hostile = line
      .replace('"by_type":{', '"by_type":{"__proto__":1,"constructor":2,')
      .replace('{"schema_version"', '{"__proto__":{"cause":"x"},"schema_version"');
    const [incident] = readIncidents(hostile).incidents;
    expect(incident).toEqual({
      ...fullIncident,
      omitted: { total: 4, by_type: { constructor: 2, provider_progress: 4 } },
      redactions: ["evidence.tool", "omitted.by_type", "other"],
    });
    expect(Object.getPrototypeOf(incident?.omitted.by_type)).toBe(Object.prototype);
  });
});

describe("whatever stands in an incident", () => {
  const hostile = fc.oneof(
    fc.anything({ withNullPrototype: true, withBigInt: true, withSparseArray: true }),
    fc.string({ unit: "binary" }),
    fc.constantFrom("\u001b]0;x\u0007", "a\nb", "\u2028", "x".repeat(100_000), "__proto__"),
  );

  test("what goes out and what is read back is a document, on plain lines", () => {
    fc.assert(
      fc.property(fc.constantFrom(...placesIn(fullIncident)), hostile, (place, value) => {
        const given = replaced(fullIncident, place, value) as RunIncident;
        const document = toDocument([given]);
        expect(complaintsOf(document)).toEqual([]);
        expect(toJsonLine(given)).toMatch(/^[ -~]*$/);
        expect(readIncidents(given).incidents).toEqual(document.run_incidents);
        expect(readIncidents(toJsonLine(given)).incidents).toEqual(document.run_incidents);
      }),
      { numRuns: 1_000 },
    );
  });

  test("any text and any value can be read", () => {
    fc.assert(
      fc.property(hostile, (value) => {
        expect(readIncidents(value).incidents).toEqual([]);
      }),
    );
  });
});

function iteratingOver(incident: RunIncident): readonly RunIncident[] {
  return Object.assign([], { [Symbol.iterator]: () => [incident].values() });
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

type Place = readonly string[];

/** The path of every value within another. */
function placesIn(value: unknown): readonly Place[] {
  if (typeof value !== "object" || value === null) return [[]];
  return [
    [],
    ...Object.entries(value).flatMap(([name, one]) =>
      placesIn(one).map((place) => [name, ...place]),
    ),
  ];
}

function replaced(value: unknown, [name, ...rest]: Place, by: unknown): unknown {
  if (name === undefined) return by;
  const copy = (Array.isArray(value) ? [...value] : { ...Object(value) }) as Record<
    string,
    unknown
  >;
  copy[name] = replaced(copy[name], rest, by);
  return copy;
}
