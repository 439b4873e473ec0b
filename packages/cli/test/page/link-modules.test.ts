import { expect, test } from "vitest";
import { linkModules } from "../../src/page/link-modules.ts";

/** Links the modules and runs the script, which puts its result into `told`. */
function told(modules: Readonly<Record<string, string>>): unknown {
  const script = linkModules("./main.js", (name) => modules[name] ?? "");
  return new Function("told", `${script}; return told[0];`)([]);
}

test("modules see what they import, and nothing else of one another", () => {
  expect(
    told({
      "./main.js": [
        'import { one, two as second } from "./numbers.js";',
        'import { one as uno } from "./more-numbers.js";',
        "told.push([one, second(), uno]);",
      ].join("\n"),
      "./numbers.js": [
        'import { one as uno } from "./more-numbers.js";',
        "const hidden = 2;",
        "export const one = uno;",
        "export function two() { return hidden * uno; }",
        "export { };",
      ].join("\n"),
      "./more-numbers.js": "const hidden = 5;\nexport const one = hidden - 4;",
    }),
  ).toEqual([1, 2, 1]);
});

test("a module that two import runs once", () => {
  expect(
    told({
      "./main.js": 'import { a } from "./a.js";\nimport { b } from "./b.js";\ntold.push(a === b);',
      "./a.js": 'import { c } from "./c.js";\nexport const a = c;',
      "./b.js": 'import { c } from "./c.js";\nexport const b = c;',
      "./c.js": "export const c = {};",
    }),
  ).toBe(true);
});

test.each([
  ["export default 1;"],
  ["export { one };"],
  ['import one from "./one.js";'],
  ['import "./one.js";'],
  ['import { one } from "elsewhere";'],
  ["export class One {}"],
])("what cannot be inlined is refused: %s", (line) => {
  expect(() => linkModules("./main.js", () => line)).toThrow(
    "./main.js imports or exports in a way that cannot be inlined",
  );
});
