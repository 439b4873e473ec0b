/**
 * Before a package is packed: each of its entry points as one file, in `bundle/`, where the packed
 * manifest looks for them (`publishConfig.exports`). Because Node takes close to a millisecond to
 * find, read and link an ES module, and a start would wait for a hundred of them. Build first;
 * types and sources are packed as they are.
 */
import { copyFileSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { rolldown } from "rolldown";

const path = process.cwd();
const dist = join(path, "dist");
const into = join(path, "bundle");
const { publishConfig } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
const entries = filesIn(publishConfig.exports).map((file) => basename(file));
// Programs that are started by their place beside the others: no import leads to them.
const programs = readdirSync(dist).filter((name) => name.endsWith("-process.js"));
const modules = [...entries, ...programs].filter((name) => name.endsWith(".js"));

rmSync(into, { recursive: true, force: true });
const bundle = await rolldown({
  input: Object.fromEntries(modules.map((name) => [basename(name, ".js"), join(dist, name)])),
  external: /^[^./]/,
  platform: "node",
});
await bundle.write({
  dir: into,
  format: "esm",
  sourcemap: true,
  chunkFileNames: "shared-[name].js",
});
for (const name of entries.filter((entry) => entry.endsWith(".cjs"))) {
  copyFileSync(join(dist, name), join(into, name));
}

/**
 * @param {unknown} exported
 * @returns {string[]}
 */
function filesIn(exported) {
  if (typeof exported === "string") return exported.startsWith("./bundle/") ? [exported] : [];
  return Object.values(Object(exported)).flatMap(filesIn);
}
