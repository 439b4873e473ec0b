import { rmSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { binaryOf, cacheFolder, MANIFEST, PINS } from "./pins.mjs";
import { run } from "./run.mjs";

/**
 * @typedef {object} Build
 * @property {string} folder its own, empty, and gone afterwards
 * @property {NodeJS.ProcessEnv} env in which `go` is Go
 * @property {(doing: string) => void} step
 *
 * @typedef {(build: Build) => Promise<void>} Recipe leaves the binary in its folder, as `binary`
 */

/**
 * How each is built, and about how many minutes that takes on 2 cores with nothing cached.
 * @type {Record<import("./pins.mjs").BackendName, { minutes: number, recipe: Recipe }>}
 */
export const RECIPES = {
  otelcol: { minutes: 4, recipe: buildCollector },
  jaeger: { minutes: 4, recipe: buildJaeger },
};

/**
 * Builds a backend into its place in the cache. The binary appears there whole or not at all; of
 * two that are built at once the later one stays, and both are the same.
 * @param {import("./pins.mjs").BackendName} name
 * @param {Omit<Build, "folder">} build
 */
export async function build(name, { env, step }) {
  const { path } = binaryOf(name);
  await mkdir(dirname(path), { recursive: true });
  const folder = await mkdtemp(join(cacheFolder(), `building-${name}-`));
  const leave = () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  process.once("exit", leave);
  try {
    await RECIPES[name].recipe({ folder, env, step });
    await rename(join(folder, "binary"), path);
  } finally {
    process.off("exit", leave);
    await rm(folder, { recursive: true, force: true });
  }
}

/** @type {Recipe} */
async function buildCollector({ folder, env, step }) {
  step("fetching modules");
  const writing = ["run", PINS.builder, "--config", MANIFEST, "--skip-compilation"];
  await run({ command: "go", args: writing, cwd: folder, env });
  step("compiling");
  // The manifest's output_path.
  const cwd = join(folder, "dist");
  await run({ command: "go", args: compiling("../binary", "."), cwd, env });
}

/** @type {Recipe} */
async function buildJaeger({ folder, env, step }) {
  step("fetching modules");
  // In its own folder, because `go install` refuses a module that replaces others.
  const args = ["mod", "download", "-json", PINS.jaeger];
  const { Dir } = JSON.parse(await run({ command: "go", args, cwd: folder, env }));
  // Which fetches the other modules as well.
  step("compiling");
  const into = join(folder, "binary");
  await run({ command: "go", args: compiling(into, "./cmd/jaeger"), cwd: Dir, env });
}

/**
 * @param {string} into
 * @param {string} program
 */
function compiling(into, program) {
  return ["build", ...PINS.flags, "-o", into, program];
}
