import { existsSync, readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import * as api from "@otel-lifecycle/api";
import { describe, expect, test } from "vitest";
import { KNOWN_TYPES } from "../../packages/incidents/src/sanitise/vocabulary.ts";
import { attributesListedIn } from "../support/readme-table.ts";

const root = resolve(import.meta.dirname, "../..");
const read = (path: string): string => readFileSync(resolve(root, path), "utf8");
const packageReadmes = (): readonly string[] =>
  readdirSync(resolve(root, "packages"))
    .map((name) => `packages/${name}/README.md`)
    .filter((path) => existsSync(resolve(root, path)));
const ATTRIBUTES = Object.entries(api)
  .filter(([name, value]) => name.startsWith("ATTR_") && String(value).startsWith("lifecycle."))
  .map(([, value]) => value as string);
const METRICS = Object.entries(api)
  .filter(([name]) => name.startsWith("METRIC_"))
  .map(([, value]) => value as string);

describe("the attribute tables of the documents are those of the code (conventions)", () => {
  test("the README lists every attribute, and no other", () => {
    expect([...new Set(attributesListedIn(read("README.md")))].sort()).toEqual(ATTRIBUTES.sort());
  });

  test("the metrics that the code names are those that sdk's README lists (conventions: Metrics)", () => {
    const listed = new Set(attributesListedIn(read("packages/sdk/README.md")));
    expect(METRICS.filter((name) => !listed.has(name))).toEqual([]);
    expect(METRICS).toHaveLength(4);
  });

  test("no package's README lists an attribute or a metric that there is not", () => {
    const listed = packageReadmes().flatMap((path) =>
      attributesListedIn(read(path)).map((name) => `${path}: ${name}`),
    );
    const known = new Set([...ATTRIBUTES, ...METRICS]);
    expect(listed.filter((entry) => !known.has(entry.split(": ")[1] ?? ""))).toEqual([]);
  });
});

test("the README of api lists every known type of evidence, and no other", () => {
  const [, section = ""] = read("packages/api/README.md").split("### Evidence\n");
  const rows = [...(section.split("\n### ")[0] ?? "").matchAll(/^\| (`[^|]+`) \|/gm)];
  const listed = rows.flatMap(([, types = ""]) => types.replaceAll("`", "").split(", "));
  expect(listed.sort()).toEqual(Object.keys(KNOWN_TYPES).sort());
});

describe("the reader of the tables", () => {
  test.each<[string, string, readonly string[]]>([
    ["one name", "| `lifecycle.run.result` | run | R |", ["lifecycle.run.result"]],
    [
      "a name set at the start",
      "| `lifecycle.run.id`† | run, `interrupt` | C |",
      ["lifecycle.run.id"],
    ],
    [
      "short forms of its neighbours",
      "| `lifecycle.close.action.id`, `.kind`, `.trigger` | run |",
      [
        "lifecycle.close.action.id",
        "lifecycle.close.action.kind",
        "lifecycle.close.action.trigger",
      ],
    ],
    ["a name in running text", "The `lifecycle.run.result` says so.", []],
    ["another table", "| `reload` | a kind |", []],
  ])("%s", (_title, line, names) => {
    expect(attributesListedIn(`# Attributes\n\n${line}\n`)).toEqual(names);
  });
});
