import { execFileSync } from "node:child_process";

/** Through npx there is no pnpm on the PATH, but pnpm says where it is itself. */
const pnpm = process.env["npm_execpath"] ?? "pnpm";
const [command, ...prefix] = /\.[cm]?js$/.test(pnpm) ? [process.execPath, pnpm] : [pnpm];

/**
 * Packs what a user would install, with pnpm, because only pnpm resolves `workspace:` and
 * `catalog:`. Build first.
 * @param {{ path: string }} pkg
 * @param {string} into
 * @returns {{ tarball: string, files: string[] }}
 */
export function pack({ path }, into) {
  const args = [...prefix, "pack", "--json", "--pack-destination", into];
  const out = execFileSync(command, args, { cwd: path, encoding: "utf8" });
  const { filename, files } = JSON.parse(out);
  return {
    tarball: filename,
    files: files.map((/** @type {{ path: string }} */ file) => file.path),
  };
}
