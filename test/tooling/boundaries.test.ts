import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const imports = "lint/style/noRestrictedImports";

/** Every case is a file of its own, so that one run of the real binary judges them all. */
const files = new Map<string, string>();
let found = new Map<string, Set<string>>();
let status: number | null = null;
let copy = "";

const packages = ["api", "incidents", "sdk", "cli", "node", "adapter"];
// As if everything were declared: the arrows are tried here, not the manifests.
const dependencies = Object.fromEntries(
  ["@bufbuild/protobuf", "@opentelemetry/api", "@opentelemetry/sdk-trace-base"]
    .concat("@opentelemetry/exporter-trace-otlp-proto", "left-pad", "why-closed")
    .concat(packages.map((name) => `@otel-lifecycle/${name}`))
    .map((name) => [name, "*"]),
);
for (const name of packages) files.set(`packages/${name}/package.json`, json({ dependencies }));

test.each(
  cases([
    ["api", "@opentelemetry/api"],
    ["api", "node:fs"],
    ["api", "node:fs/promises"],
    ["api", "./other.ts"],
    ["incidents", "@otel-lifecycle/api"],
    ["incidents", "@otel-lifecycle/api/internal"],
    ["sdk", "@opentelemetry/api"],
    ["sdk", "@otel-lifecycle/api"],
    ["sdk", "@otel-lifecycle/api/internal"],
    ["sdk", "@otel-lifecycle/incidents"],
    ["cli", "@otel-lifecycle/api"],
    ["cli", "@otel-lifecycle/incidents"],
    ["cli", "@otel-lifecycle/sdk"],
    ["cli", "@otel-lifecycle/sdk/journal"],
    ["cli", "@opentelemetry/api"],
    ["cli", "@opentelemetry/exporter-trace-otlp-proto"],
    ["cli", "@bufbuild/protobuf/wire"],
    ["node", "@otel-lifecycle/sdk"],
    ["node", "@opentelemetry/sdk-trace-base"],
    ["adapter", "@otel-lifecycle/api"],
    ["adapter", "left-pad"],
  ]),
)("%s may import %s", (_name, _source, file) => {
  expect(reported(file)).toEqual([]);
});

test.each(
  cases([
    ["api", "@opentelemetry/sdk-trace-base"],
    ["api", "@otel-lifecycle/incidents"],
    ["api", "@otel-lifecycle/sdk"],
    ["api", "left-pad"],
    ["incidents", "@otel-lifecycle/sdk"],
    ["sdk", "@opentelemetry/sdk-trace-base"],
    ["sdk", "@otel-lifecycle/node"],
    ["sdk", "why-closed"],
    ["sdk", "left-pad"],
    ["cli", "@opentelemetry/sdk-trace-base"],
    ["cli", "@otel-lifecycle/node"],
    ["cli", "@bufbuild/protobuf"],
    ["cli", "left-pad"],
    ["node", "why-closed"],
    ["node", "left-pad"],
    ["adapter", "@otel-lifecycle/sdk"],
    ["adapter", "@otel-lifecycle/api/internal"],
    ...packages.flatMap((name): [string, string][] => [
      [name, "./index.ts"],
      [name, "../index.ts"],
      [name, "../../other/src/file.ts"],
      [name, "../../other/dist/file.js"],
    ]),
  ]),
)("%s may not import %s", (_name, _source, file) => {
  expect(reported(file)).toEqual([imports]);
});

const sdk = JSON.stringify("@otel-lifecycle/sdk");
const value = "export const a = 1;\n";

test.each(
  violations("api", [
    [imports, `import type { a } from ${sdk};\n\nexport type A = typeof a;\n`],
    [imports, `export { a } from ${sdk};\n`],
    [imports, `export const a: unknown = await import(${sdk});\n`],
    ["lint/performance/noReExportAll", 'export * from "./other.ts";\n'],
    ["lint/style/noDefaultExport", "export default 1;\n"],
    ["lint/suspicious/noConsole", 'console.log("a");\n'],
    ["lint/nursery/noProcessExit", "process.exit(1);\n"],
    ["lint/nursery/noFloatingPromises", "async function f(): Promise<void> {}\n\nf();\n"],
    ["lint/style/noNonNullAssertion", "export const f = (a?: string): string => a!;\n"],
    ["lint/suspicious/noExplicitAny", "export const f = (a: any): unknown => a;\n"],
    ["lint/suspicious/noTsIgnore", `// @ts-ignore\n${value}`],
    ["lint/correctness/useImportExtensions", importing("./other")],
    ["lint/style/useImportType", 'import { A } from "./other.ts";\n\nexport type B = A;\n'],
    ["lint/style/useNodejsImportProtocol", importing("fs")],
    ["lint/style/noExcessiveLinesPerFile", lines(251)],
  ]),
)("%s is reported for %j", (rule, _text, file) => {
  expect(reported(file)).toContain(rule);
});

const there = given("packages/adapter/src/there.ts", crossing("back", "there"));
const back = given("packages/adapter/src/back.ts", crossing("there", "back"));
test("a cycle of imports is reported in each of its files", () => {
  expect(reported(there)).toEqual(["lint/suspicious/noImportCycles"]);
  expect(reported(back)).toEqual(["lint/suspicious/noImportCycles"]);
});

// A run, its action and their scope are types that name each other: erased, they order nothing.
const run = given("packages/adapter/src/run.ts", typed("action"));
const action = given("packages/adapter/src/action.ts", typed("run"));
test("types may name each other across files", () => {
  expect([...reported(run), ...reported(action)]).toEqual([]);
});

given("packages/undeclared/package.json", json({ devDependencies: { "left-pad": "*" } }));
const undeclared = given("packages/undeclared/src/file.ts", importing("left-pad"));
test("a dependency that is declared for development alone is none of the source", () => {
  expect(reported(undeclared)).toEqual(["lint/correctness/noUndeclaredDependencies"]);
});

const own = given("packages/adapter/src/own.ts", importing("./own.ts"));
test("a file may not import itself", () => {
  expect(reported(own)).toContain("lint/nursery/noSelfImport");
});

const camel = given("packages/adapter/src/someFile.ts", value);
test("a file is named in kebab-case", () => {
  expect(reported(camel)).toEqual(["lint/style/useFilenamingConvention"]);
});

const lines250 = given("packages/adapter/src/full.ts", lines(250));
test("a file may have 250 lines", () => {
  expect(reported(lines250)).toEqual([]);
});

const example = given("examples/one/src/file.ts", 'console.log("a");\n');
const config = given("tool.config.ts", "export default 1;\n");
test("outside the packages console is allowed, and a config has its default export", () => {
  expect([...reported(example), ...reported(config)]).toEqual([]);
});

test("a violation makes the linter's exit status non-zero", () => {
  expect(status).toBe(1);
});

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), "otel-lifecycle-lint-"));
  for (const file of ["biome.json", ".gitignore"]) cpSync(join(root, file), join(copy, file));
  for (const [file, text] of files) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), text);
  }
  const biome = join(root, "node_modules/.bin/biome");
  const options = ["lint", "--error-on-warnings", "--reporter=json", "--max-diagnostics=none"];
  const run = spawnSync(biome, options, { cwd: copy, encoding: "utf8" });
  status = run.status;
  found = byFile(run.stdout);
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

function reported(file: string): string[] {
  return [...(found.get(file) ?? [])].sort();
}

function byFile(stdout: string): Map<string, Set<string>> {
  const report = JSON.parse(stdout) as {
    diagnostics: { category: string; location: { path: string } }[];
  };
  const all = new Map<string, Set<string>>();
  for (const { category, location } of report.diagnostics) {
    all.set(location.path, (all.get(location.path) ?? new Set()).add(category));
  }
  return all;
}

function given(file: string, text: string): string {
  files.set(file, text);
  return file;
}

/** One file for each import, in the package that is to make it. */
function cases(arrows: [name: string, source: string][]): [string, string, string][] {
  return arrows.map(([name, source]) => {
    const folder = source.startsWith("../index") ? "src/deep" : "src";
    const file = `packages/${name}/${folder}/case-${files.size}.ts`;
    return [name, source, given(file, importing(source))];
  });
}

function violations(
  name: string,
  rules: [rule: string, text: string][],
): [string, string, string][] {
  given(`packages/${name}/src/other.ts`, `export type A = 1;\n\n${value}`);
  return rules.map(([rule, text]) => {
    return [rule, text.slice(0, 60), given(`packages/${name}/src/case-${files.size}.ts`, text)];
  });
}

function importing(source: string): string {
  return `import { a } from ${JSON.stringify(source)};\n\nexport const b: unknown = a;\n`;
}

function crossing(from: string, name: string): string {
  return `import { ${from} } from "./${from}.ts";\n\nexport const ${name} = (): unknown => ${from};\n`;
}

function typed(other: string): string {
  return `import type { A as B } from "./${other}.ts";\n\nexport interface A {\n  readonly b: B;\n}\n`;
}

function lines(count: number): string {
  return Array.from({ length: count }, (_, n) => `export const a${n} = 1;\n`).join("");
}

function json(manifest: object): string {
  return `${JSON.stringify({ name: "one", ...manifest }, null, 2)}\n`;
}
