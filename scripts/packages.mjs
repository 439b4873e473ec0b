import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("..", import.meta.url));

/**
 * The published packages, read from the folders, so that a new package is checked from its first day.
 * @returns {{ name: string, folder: string, path: string }[]}
 */
export function publishedPackages() {
  return readdirSync(join(root, "packages"))
    .map((folder) => ({ folder, path: join(root, "packages", folder) }))
    .map((at) => ({
      ...at,
      manifest: JSON.parse(readFileSync(join(at.path, "package.json"), "utf8")),
    }))
    .filter(({ manifest }) => manifest.private !== true)
    .map(({ folder, path, manifest }) => ({ name: manifest.name, folder, path }));
}
