import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Our packages in the form in which they are packed, in a folder of their own. */
export interface Published {
  /** The URL of the drop-in's `register`. */
  readonly register: string;
  remove(): void;
}

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

/** Places them beside the OpenTelemetry packages that they have here, so that both sides load these. */
export const placePublished = (): Published => {
  const folder = mkdtempSync(join(tmpdir(), "bench-published-"));
  const modules = join(folder, "node_modules");
  for (const name of ["api", "incidents", "sdk", "node"])
    place(name, join(modules, "@otel-lifecycle", name));
  symlinkSync(
    join(ROOT, "packages/node/node_modules/@opentelemetry"),
    join(modules, "@opentelemetry"),
  );
  return {
    register: pathToFileURL(join(modules, "@otel-lifecycle/node/bundle/register.js")).href,
    remove: () => rmSync(folder, { recursive: true }),
  };
};

// What packing does of it: the bundle, and the manifest that leads there.
const place = (name: string, into: string): void => {
  const path = join(ROOT, "packages", name);
  execFileSync(process.execPath, [join(ROOT, "scripts/bundle.mjs")], { cwd: path });
  mkdirSync(into, { recursive: true });
  cpSync(join(path, "bundle"), join(into, "bundle"), { recursive: true });
  const manifest = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
  writeFileSync(
    join(into, "package.json"),
    JSON.stringify({ ...manifest, ...manifest.publishConfig }),
  );
};
