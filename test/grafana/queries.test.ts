import { readFileSync } from "node:fs";
import * as api from "@otel-lifecycle/api";
import { describe, expect, test } from "vitest";
import { traceqlAttributes, traceqlErrors } from "./syntax.ts";

const PATH = new URL("../../collector-config/grafana/queries.md", import.meta.url);
const FENCE = /```traceql\n([\s\S]*?)\n```/g;

const queries = [...readFileSync(PATH, "utf8").matchAll(FENCE)].map(([, query = ""]) => query);

const constants = Object.entries(api);
const attributes = constants.flatMap(([name, value]) => (name.startsWith("ATTR_") ? [value] : []));

describe("the TraceQL queries to paste", () => {
  test("there are as many as there are questions", () => {
    expect(queries.length).toBe(23);
  });

  test.each(queries)("the grammar reads %s", (query) => {
    expect(traceqlErrors(query)).toEqual([]);
  });

  test.each([
    "{ span.lifecycle.close.class = }",
    "{ true } | quantile_over_time(duration, .95)",
    "{ true } | select()",
  ])("the grammar does not read %s", (query) => {
    expect(traceqlErrors(query)).not.toEqual([]);
  });

  test.each(queries)("the conventions have every attribute of %s", (query) => {
    expect(traceqlAttributes(query).filter((name) => !attributes.includes(name))).toEqual([]);
  });

  test.each(queries)("no absence is asked for in %s", (query) => {
    expect(query).not.toMatch(/(?<!!)= nil|!= "|!= true|!~/);
  });
});
