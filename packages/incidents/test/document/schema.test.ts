import { toDocument } from "@otel-lifecycle/incidents";
import { describe, expect, test } from "vitest";
import { INCIDENT } from "../../src/document/incident-shape.ts";
import { safeIncident } from "../../src/document/safe-incident.ts";
import { fullIncident } from "../support/incident.ts";
import {
  complaintsOf,
  complaintsOfIncident,
  publishedSchema,
} from "../support/published-schema.ts";
import { atBounds, beyondBounds } from "./mutations.ts";
import { schemaOf } from "./schema-of.ts";

test("the published schema says of an incident what the code says", () => {
  const { title: _, description: __, ...incident } = publishedSchema.$defs.RunIncident;
  expect(incident).toEqual(JSON.parse(JSON.stringify(schemaOf(INCIDENT.form))));
});

test("the schema is JSON Schema 2020-12, under its own name", () => {
  expect([publishedSchema.$schema, publishedSchema.$id]).toEqual([
    "https://json-schema.org/draft/2020-12/schema",
    "https://otel-lifecycle.dev/schemas/run-incidents-1.json",
  ]);
});

test("a document with every field is one, and so is one without incidents", () => {
  expect(complaintsOf(toDocument([fullIncident]))).toEqual([]);
  expect(complaintsOf(toDocument([]))).toEqual([]);
});

describe("the last accepted of every bound", () => {
  test.each(atBounds(INCIDENT.form, fullIncident))("$title", ({ value }) => {
    expect(complaintsOfIncident(value)).toEqual([]);
  });
});

describe("the first rejected of every bound", () => {
  test.each(beyondBounds(INCIDENT.form, fullIncident))("$title", ({ value }) => {
    expect(complaintsOfIncident(value)).not.toEqual([]);
    const safe = safeIncident(value);
    // What is left of it, if anything is, is an incident, and stays as it is.
    expect(safe === undefined ? [] : complaintsOfIncident(safe)).toEqual([]);
    expect(safeIncident(safe)).toEqual(safe);
    expect(safe).not.toEqual(value);
  });
});

describe("a document", () => {
  test.each([
    ["without its version", { run_incidents: [] }],
    ["of another version", { schema_version: 2, run_incidents: [] }],
    ["without its incidents", { schema_version: 1 }],
    ["with another field", { schema_version: 1, run_incidents: [], other: 1 }],
    ["that is a list", []],
  ])("%s is none", (_, document) => {
    expect(complaintsOf(document)).not.toEqual([]);
  });
});
