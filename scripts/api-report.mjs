/**
 * Compares each package's public API with its committed report (`packages/<p>/<p>.api.md`),
 * or writes the reports with `--update`. Reads the declarations in `dist`: build first.
 */
import { join } from "node:path";
import { Extractor, ExtractorConfig, ExtractorLogLevel } from "@microsoft/api-extractor";
import { publishedPackages, root } from "./packages.mjs";

const update = process.argv.includes("--update");

/** @param {{ folder: string, path: string }} pkg */
function config({ folder, path }) {
  return ExtractorConfig.prepare({
    packageJsonFullPath: join(path, "package.json"),
    configObjectFullPath: undefined,
    configObject: {
      projectFolder: path,
      mainEntryPointFilePath: join(path, "dist/index.d.ts"),
      compiler: { tsconfigFilePath: join(path, "tsconfig.json") },
      newlineKind: "lf",
      apiReport: {
        enabled: true,
        reportFolder: path,
        reportFileName: `${folder}.api.md`,
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

let failed = false;
for (const pkg of publishedPackages()) {
  const result = Extractor.invoke(config(pkg), {
    localBuild: update,
    messageCallback: (message) => {
      // Which compiler it brings is no news on each run.
      if (message.messageId === "console-preamble") message.handled = true;
    },
  });
  const same = result.succeeded && (update || !result.apiReportChanged);
  if (!same) failed = true;
  const verdict = same ? (result.apiReportChanged ? "written" : "up to date") : "failed";
  console.log(`${pkg.folder}.api.md: ${verdict}`);
}
if (failed) {
  console.log("Read the difference; `pnpm api:update` writes the reports when it is meant.");
  process.exitCode = 1;
}
