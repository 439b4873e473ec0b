import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { run } from "./run.mjs";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];
const APPLICATION = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome";

const REMEDY = "Install Chromium or Google Chrome, or name its program in CHROMIUM_PATH.";

/**
 * The browser that the tests start: `CHROMIUM_PATH`, else the first on the PATH, or undefined.
 * @param {import("./pins.mjs").Environment} [env]
 * @returns {string | undefined}
 */
export function chromiumPath(env = process.env) {
  const given = env["CHROMIUM_PATH"];
  if (given) return isProgram(given) ? given : undefined;
  const folders = (env["PATH"] ?? "").split(delimiter).filter(Boolean);
  const paths = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...paths, APPLICATION].find(isProgram);
}

/** Installs Debian's. Rejects where there is no apt-get, or no right to use it, with what to do. */
export async function installChromium() {
  try {
    await aptGet("update");
    await aptGet("install", "-y", "--no-install-recommends", "chromium");
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${REMEDY}`);
  }
  if (chromiumPath() === undefined) throw new Error(`apt-get installed none. ${REMEDY}`);
}

/** @param {string[]} args */
async function aptGet(...args) {
  const asRoot = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  const [command = "", ...rest] = [...asRoot, "apt-get", "-o", "Acquire::Retries=3", ...args];
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  await run({ command, args: rest, env });
}

/** @param {string} path */
function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
