import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pack } from "../pack.mjs";
import { publishedPackages, root } from "../packages.mjs";

/** @typedef {{ name: string, hash: string, tarball: string }} Packed */

const cache = join(root, "node_modules/.cache/apps");

/**
 * The tarballs of the packages that an application depends on, packed again where the build changed.
 * @returns {Packed[]}
 */
export function packedPackages() {
  mkdirSync(cache, { recursive: true });
  const packages = publishedPackages().filter(({ name }) => name.startsWith("@otel-lifecycle/"));
  return packages.map((pkg) => {
    const hash = hashOf(pkg.path);
    const tarball = join(cache, `${pkg.folder}-${hash}.tgz`);
    if (!existsSync(tarball)) {
      removePacked(pkg.folder);
      renameSync(pack(pkg, cache).tarball, tarball);
      console.log(`test/apps: packed ${pkg.name}`);
    }
    return { name: pkg.name, hash, tarball };
  });
}

/** @param {string} path */
function hashOf(path) {
  const hash = createHash("sha256").update(readFileSync(join(path, "package.json")));
  // The ranges that pnpm writes for `workspace:` and `catalog:` stand here.
  hash.update(readFileSync(join(root, "pnpm-workspace.yaml")));
  hash.update(readFileSync(join(root, "scripts/bundle.mjs")));
  const dist = join(path, "dist");
  const files = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== ".tsbuildinfo")
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) hash.update(file.slice(path.length)).update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}

/** @param {string} folder */
function removePacked(folder) {
  for (const file of readdirSync(cache)) {
    if (file.startsWith(`${folder}-`)) rmSync(join(cache, file));
  }
}
