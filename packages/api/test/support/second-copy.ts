import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** What a second copy of the package exports. */
export type Copy = typeof import("@otel-lifecycle/api");

/** A second copy of the built package, as two versions of a library's dependency make it. */
export async function loadSecondCopy(): Promise<Copy & { remove(): void }> {
  const built = fileURLToPath(new URL("../..", import.meta.url));
  const home = realpathSync(mkdtempSync(join(tmpdir(), "second-copy-")));
  const modules = join(home, "node_modules");
  const copy = join(modules, "@otel-lifecycle/api");
  mkdirSync(join(modules, "@opentelemetry"), { recursive: true });
  symlinkSync(join(built, "node_modules/@opentelemetry/api"), join(modules, "@opentelemetry/api"));
  for (const part of ["dist", "package.json"]) {
    cpSync(join(built, part), join(copy, part), { recursive: true });
  }
  const exported: Copy = await import(pathToFileURL(join(copy, "dist/index.js")).href);
  return { ...exported, remove: () => rmSync(home, { recursive: true, force: true }) };
}
