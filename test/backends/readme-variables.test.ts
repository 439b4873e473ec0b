import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CONFIGS } from "./support/collector.ts";

const textOf = (file: string): string => readFileSync(join(CONFIGS, file), "utf8");

/** Each variable that the Collector's files read, with the defaults that they give it. */
const read = new Map<string, Set<string>>();
for (const file of ["gateway.yaml", "agent.yaml", "gateway-scaled.yaml"]) {
  for (const [, name = "", value = ""] of textOf(file).matchAll(
    /\$\{env:(LIFECYCLE_\w+):-([^}]*)\}/g,
  )) {
    read.set(name, (read.get(name) ?? new Set()).add(value));
  }
}

/** The rows of the table of variables: the first name whole, the others without `LIFECYCLE`. */
const rows = [...textOf("README.md").matchAll(/^\| (`LIFECYCLE_[^|]*) \| ([^|]*) \|/gm)].map(
  ([, names = "", value = ""]) => ({
    names: [...names.matchAll(/`(LIFECYCLE)?(_\w+)`/g)].map(([, , name]) => `LIFECYCLE${name}`),
    values: value.replaceAll("`", "").split(", "),
  }),
);

test("the table of variables has those that the files read, and no others", () => {
  expect(rows.flatMap(({ names }) => names).sort()).toEqual([...read.keys()].sort());
});

test("where the table gives a value for each of its variables, it is the default of the files", () => {
  const literal = rows
    .filter(({ names, values }) => names.length === values.length)
    .filter(({ values }) => values.every((value) => /^[\w.:/]+$/.test(value)));
  // Others are said in words.
  expect(literal.length).toBeGreaterThan(7);
  const given = literal.flatMap(({ names, values }) =>
    names.map((name, at) => [name, [values[at]]]),
  );
  expect(given).toEqual(given.map(([name]) => [name, [...(read.get(`${name}`) ?? [])]]));
});
