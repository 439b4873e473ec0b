import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const vitest = join(root, "node_modules/vitest/vitest.mjs");

// Each test starts a vitest of its own.
vi.setConfig({ testTimeout: 60_000 });

const SUITE = `import { expect, test } from "vitest";
import { describeWith, requireBinary } from ${JSON.stringify(join(root, "test/backends/support/binary.ts"))};

describeWith(["otelcol", "jaeger"], "both", () => {
  test("are files", () => expect([requireBinary("otelcol"), requireBinary("jaeger")]).toHaveLength(2));
});
test("needs neither", () => {});
test.skip("is for later", () => {});
`;

test("in CI a suite fails whose binary is missing, and says where it should be", () => {
  const { status, output } = run({ CI: "true", binaries: ["otelcol"] });
  expect(output).toMatch(/FAIL .*both > jaeger is there\nError: \S+jaeger is not there: build it/);
  expect(output).toMatch(/Tests {2}1 failed \| 1 passed \| 1 skipped \(3\)/);
  expect(status).toBe(1);
});

test("elsewhere it is skipped, which the very end of the output says, with what to run", () => {
  const { status, output } = run({ CI: "", binaries: [] });
  expect(output).toMatch(/Tests {2}1 passed \| 2 skipped \(3\)/);
  expect(output).toMatch(
    /\n\nSKIPPED, so this run says nothing of it:\n {2}suite.test.ts: otelcol and jaeger not built: run `pnpm backends`\n {2}suite.test.ts: no reason is given\n$/,
  );
  expect(status).toBe(0);
});

test("where both are there it runs, and nothing is said of it", () => {
  const { status, output } = run({ CI: "", binaries: ["otelcol", "jaeger"] });
  expect(output).toMatch(/Tests {2}2 passed \| 1 skipped \(3\)/);
  expect(output.match(/suite.test.ts: .*/g)).toEqual(["suite.test.ts: no reason is given"]);
  expect(status).toBe(0);
});

test("what -t leaves out was not skipped, but what says why is said", () => {
  const { output } = run({ CI: "", binaries: [], args: ["-t", "both"] });
  expect(output).toMatch(/Tests {2}3 skipped \(3\)/);
  expect(output.match(/suite.test.ts: .*/g)).toEqual([
    "suite.test.ts: otelcol and jaeger not built: run `pnpm backends`",
  ]);
});

interface Run {
  readonly CI: string;
  /** What stands in the folder of ready binaries. */
  readonly binaries: readonly string[];
  readonly args?: readonly string[];
}

/** Runs a suite that needs both binaries in a vitest of its own, with our reporter. */
const run = ({ CI, binaries, args = [] }: Run): { status: number | null; output: string } => {
  // Within the workspace, because it imports vitest.
  const parent = join(root, "node_modules/.cache");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, "skipped-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const reporter = JSON.stringify(join(root, "scripts/skipped.mjs"));
  writeFileSync(
    join(folder, "vitest.config.ts"),
    `import { reportSkipped } from ${reporter};
export default { test: { exclude: [], reporters: ["default", reportSkipped()] } };`,
  );
  writeFileSync(join(folder, "suite.test.ts"), SUITE);
  for (const name of binaries) writeFileSync(join(folder, name), "");
  const { status, stdout, stderr } = spawnSync(process.execPath, [vitest, "run", ...args], {
    cwd: folder,
    encoding: "utf8",
    env: { PATH: process.env["PATH"], CI, NO_COLOR: "1", OTEL_LIFECYCLE_BACKENDS: folder },
  });
  return { status, output: `${stderr}${stdout}` };
};
