import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { run } from "../support/program.ts";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "loaded-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The scripts of the sdk's journal that a process has loaded. */
const loadedWith = async (env: NodeJS.ProcessEnv): Promise<readonly string[]> => {
  const coverage = join(folder, "coverage");
  await run("endings.mjs", { env: { ...env, NODE_V8_COVERAGE: coverage } });
  return readdirSync(coverage)
    .flatMap((name) => JSON.parse(readFileSync(join(coverage, name), "utf8")).result)
    .map(({ url }) => String(url))
    .filter((url) => url.includes("/sdk/dist/journal"));
};

it("a start loads nothing of the journal unless it is asked for one", async () => {
  expect(await loadedWith({})).toEqual([]);
  expect(await loadedWith({ OTEL_LIFECYCLE_JOURNAL: join(folder, "a") })).not.toEqual([]);
});
