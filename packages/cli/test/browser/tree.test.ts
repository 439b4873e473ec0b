import { expect, test } from "vitest";
import { densityOf } from "../../src/browser/density.ts";
import { filtered, NO_FILTER } from "../../src/browser/filter.ts";
import type { Picture, PictureAction, PictureRun } from "../../src/browser/picture.ts";
import { type Openness, rowsOf, treeOf } from "../../src/browser/tree.ts";

const action = (id: string, depth: number): PictureAction => ({ id, depth, outcome: "" });
const run = (id: string, fields: Partial<PictureRun> = {}): PictureRun => ({
  id,
  spanId: id,
  name: "run",
  result: "interrupted",
  class: "lifecycle_action",
  ...fields,
});
const { class: _, ...done } = run("done");
const PICTURE: Picture = {
  origin: "0",
  actions: [action("a", 0), action("b", 1), action("c", 2), action("d", 1), action("e", 0)],
  runs: [
    run("of-c", { action: 2, end: 30 }),
    run("of-a", { action: 0, end: 10 }),
    done,
    run("newer", { class: "a_newer_class" }),
    run("user", { class: "user_cancel" }),
    run("unknown", { class: "unknown_scope_close" }),
  ],
  inherited: 0,
  leftOut: { actions: 0, runs: 0 },
};

function shown(filter = NO_FILTER, openness: Openness = new Map()): readonly string[] {
  return rowsOf(treeOf(PICTURE, filtered(PICTURE, filter)), openness).map(
    ({ branch, level, isExpanded }) => {
      const name =
        branch.type === "run"
          ? branch.run.id
          : branch.type === "group"
            ? branch.name
            : branch.action.id;
      return `${"  ".repeat(level - 1)}${name}${isExpanded === undefined ? "" : isExpanded ? " -" : " +"}`;
    },
  );
}

test("runs stand below their action, nested actions after them, the rest by class, completed ones folded", () => {
  expect(shown()).toEqual([
    "a -",
    "  of-a",
    "  b -",
    "    c -",
    "      of-c",
    "  d",
    "e",
    "user_cancel -",
    "  user",
    "a_newer_class -",
    "  newer",
    "unknown_scope_close -",
    "  unknown",
    "completed +",
  ]);
});

test("what somebody folds or unfolds stays so", () => {
  const openness = new Map([
    ["action a", false],
    ["group completed", true],
  ]);
  expect(shown(NO_FILTER, openness)).toEqual([
    "a +",
    "e",
    "user_cancel -",
    "  user",
    "a_newer_class -",
    "  newer",
    "unknown_scope_close -",
    "  unknown",
    "completed -",
    "  done",
  ]);
});

test("an action is shown for a run far below it", () => {
  expect(shown({ ...NO_FILTER, text: "of-c" })).toEqual(["a -", "  b -", "    c -", "      of-c"]);
});

test("by action: it and what is nested in it, and nothing for one that is not there", () => {
  expect(shown({ ...NO_FILTER, action: "b" })).toEqual(["a -", "  b -", "    c -", "      of-c"]);
  expect(shown({ ...NO_FILTER, action: "z" })).toEqual([]);
});

test("the counts by class are regardless of the classes that are asked for", () => {
  const { runs, counts } = filtered(PICTURE, { ...NO_FILTER, classes: new Set(["user_cancel"]) });
  expect(runs.map(({ id }) => id)).toEqual(["user"]);
  expect([...counts]).toEqual([
    ["lifecycle_action", 2],
    ["completed", 1],
    ["a_newer_class", 1],
    ["user_cancel", 1],
    ["unknown_scope_close", 1],
  ]);
});

test.each([
  [50, 52],
  [51, 2],
])("%i runs below an action are %i rows at first", (count, rows) => {
  const many = {
    ...PICTURE,
    actions: [action("a", 0), action("e", 0)],
    runs: Array.from({ length: count }, (_, n) => run(`r${n}`, { action: 0 })),
  };
  expect(rowsOf(treeOf(many, filtered(many, NO_FILTER)), new Map()).length).toBe(rows);
});

test("density counts ends by class, and leaves out what has no time or lies beyond", () => {
  const runs = [
    ...PICTURE.runs,
    run("start only", { start: 10 }),
    run("beyond", { end: 41 }),
    run("before", { end: -1 }),
  ];
  expect(densityOf(runs, { from: 0, to: 40 }, 4)).toEqual({
    bins: [
      new Map(),
      new Map([["lifecycle_action", 2]]),
      new Map(),
      new Map([["lifecycle_action", 1]]),
    ],
    highest: 2,
  });
});
