import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";

/** How a program is loaded. */
export type ModuleForm = "esm" | "commonjs";

const APPS = resolve(import.meta.dirname, "../apps");
const SHARED = join(APPS, "programs");

/** The folder of an application, whose `node_modules` its programs are to find. */
export const appFolder = (app: string): string => {
  const folder = join(APPS, app);
  if (!existsSync(join(folder, "node_modules/.installed"))) {
    throw new Error(
      `test/apps/${app} is not installed: npx tsc -b && node scripts/apps.mjs ${app}`,
    );
  }
  return folder;
};

/**
 * Puts the shared programs and the application's own into the application, as ES modules and as
 * CommonJS, and gives the folder: packages resolve from where a file lies.
 */
export const programsOf = (app: string): string => {
  const folder = appFolder(app);
  const into = join(folder, ".programs");
  mkdirSync(into, { recursive: true });
  for (const from of [SHARED, folder]) {
    const files = readdirSync(from).filter((file) => /\.[cm]js$/.test(file));
    for (const file of files) {
      const source = readFileSync(join(from, file), "utf8");
      write(join(into, file), source);
      const other = file.replace(/\.mjs$/, ".cjs");
      if (!files.includes(other)) write(join(into, other), asCommonJs(source));
    }
  }
  return into;
};

/** The same program with `require`, for the plain forms that the programs keep to. */
const asCommonJs = (source: string): string =>
  source
    .replaceAll(/^import "([^"]+)";$/gm, 'require("$1");')
    .replaceAll(/^import (\{[^}]*\}) from "([^"]+)";$/gm, (_, names: string, from: string) => {
      return `const ${names.replaceAll(" as ", ": ")} = require("${from}");`;
    })
    .replaceAll(/^import (?:\* as )?(\w+) from "([^"]+)";$/gm, 'const $1 = require("$2");')
    .replaceAll(/(require\("\.\/[\w-]+)\.mjs"\)/g, '$1.cjs")')
    .replaceAll(/^await /gm, "")
    .replaceAll(/^export const (\w+)/gm, "const $1 = module.exports.$1");

/** In one step, because other test files start the same programs at the same time. */
const write = (file: string, source: string): void => {
  if (existsSync(file) && readFileSync(file, "utf8") === source) return;
  const part = `${file}.${process.pid}`;
  writeFileSync(part, source);
  renameSync(part, file);
};
