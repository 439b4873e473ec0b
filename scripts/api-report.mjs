/**
 * Compares each package's public API with its committed report (`packages/<p>/<p>.api.md`),
 * or writes the reports with `--update`. Reads the declarations in `dist`: build first.
 */
import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import { publishedPackages, root } from "./packages.mjs";

const update = process.argv.includes("--update");

/** Entry points that are no public API, or export nothing. */
const SILENT = ["internal", "register"];

/**
 * A package's entry points by the names of their modules.
 * @param {{ path: string }} pkg
 */
function entriesOf({ path }) {
  const { exports } = JSON.parse(readFileSync(join(path, "package.json"), "utf8"));
  const types = Object.values(exports).flatMap(({ types }) => types ?? []);
  return types.map((file) => basename(file, ".d.ts")).filter((name) => !SILENT.includes(name));
}

/**
 * @param {{ folder: string, path: string }} pkg
 * @param {string} entry
 */
function config({ folder, path }, entry) {
  return ExtractorConfig.prepare({
    packageJsonFullPath: join(path, "package.json"),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: path,
      mainEntryPointFilePath: join(path, `dist/${entry}.d.ts`),
      compiler: { tsconfigFilePath: join(path, "tsconfig.json") },
      newlineKind: "lf",
      apiReport: {
        enabled: true,
        reportFolder: path,
        reportFileName: reportName(folder, entry),
        reportTempFolder: join(root, "node_modules/.cache/api-report"),
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Warning },
          // Every export is public: a tag on each would say nothing.
          "ae-missing-release-tag": { logLevel: ExtractorLogLevel.None },
          // A member whose name and type say it all needs no sentence.
          "ae-undocumented": { logLevel: ExtractorLogLevel.None },
          // A brand's symbol is part of a signature and never exported: shown in the report instead.
          "ae-forgotten-export": { logLevel: ExtractorLogLevel.Warning, addToApiReportFile: true },
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.Warning } },
      },
    },
  });
}

/**
 * @param {string} folder
 * @param {string} entry
 */
function reportName(folder, entry) {
  return entry === "index" ? `${folder}.api.md` : `${folder}-${entry}.api.md`;
}

let failed = false;
for (const pkg of publishedPackages()) {
  for (const entry of entriesOf(pkg)) {
    const result = Extractor.invoke(config(pkg, entry), {
      localBuild: update,
      messageCallback: (message) => {
        // Which compiler it brings is no news on each run.
        if (message.messageId === "console-preamble") message.handled = true;
      },
    });
    const same = result.succeeded && (update || !result.apiReportChanged);
    if (!same) failed = true;
    const verdict = same ? (result.apiReportChanged ? "written" : "up to date") : "failed";
    console.log(`${reportName(pkg.folder, entry)}: ${verdict}`);
  }
}
if (failed) {
  console.log("Read the difference; `pnpm api:update` writes the reports when it is meant.");
  process.exitCode = 1;
}
