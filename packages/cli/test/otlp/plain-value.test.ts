import { expect, test } from "vitest";
import { plainValueOf } from "../../src/otlp/plain-value.ts";
import { anyValue } from "../incident-fixtures.ts";

function nested(depth: number): unknown {
  return depth === 1 ? "deepest" : [nested(depth - 1)];
}

test("maps, lists and scalars are as JSON would have them", () => {
  const value = { text: "a", empty: "", no: false, count: 3, part: 0.5, list: [[1], {}], map: {} };
  expect(plainValueOf(anyValue(value))).toStrictEqual(value);
});

test.each([
  [{ intValue: "24" }, 24],
  [{ intValue: -1 }, -1],
  [{ int_value: "7" }, 7],
  [{ intValue: "9007199254740993" }, 2 ** 53],
  [{ doubleValue: "1.5" }, 1.5],
  [{ arrayValue: {} }, []],
  [{ kvlistValue: { values: [1, null, { key: 1 }, { key: "a" }] } }, {}],
])("%o is %o", (given, expected) => {
  expect(plainValueOf(given)).toStrictEqual(expected);
});

test.each([
  [undefined],
  [null],
  ["text"],
  [[]],
  [{}],
  [{ bytesValue: "AA==" }],
  [{ doubleValue: "NaN" }],
  [{ intValue: {} }],
])("%o is nothing", (given) => {
  expect(plainValueOf(given)).toBeUndefined();
});

test("what has no place in JSON is left out of lists and maps", () => {
  const holder = (bytes: object) => ({
    arrayValue: { values: [bytes, { kvlistValue: { values: [{ key: "a", value: bytes }] } }] },
  });
  expect(plainValueOf(holder({ bytesValue: "AA==" }))).toStrictEqual([{}]);
});

test("of a key that comes twice the last is kept, and a prototype's name is a key", () => {
  const values = ["a", "__proto__", "a"].map((key, at) => ({ key, value: { intValue: at } }));
  const plain = plainValueOf({ kvlistValue: { values } });
  expect(Object.entries(plain ?? {})).toEqual([
    ["a", 2],
    ["__proto__", 1],
  ]);
  expect(Object.getPrototypeOf(plain)).toBe(Object.prototype);
});

test("16 levels are read, and what is deeper is left out", () => {
  expect(plainValueOf(anyValue(nested(16)))).toEqual(nested(16));
  expect(JSON.stringify(plainValueOf(anyValue(nested(17))))).toBe(
    `${"[".repeat(16)}${"]".repeat(16)}`,
  );
});
