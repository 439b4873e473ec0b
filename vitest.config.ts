import { join } from "node:path";
import { defineConfig } from "vitest/config";
import { reportSkipped } from "./scripts/skipped.mjs";

const reports = process.env["REPORTS_DIR"];

export default defineConfig({
  test: {
    include: [
      "packages/*/test/**/*.test.ts",
      "test/**/*.test.ts",
      "examples/*/test/**/*.test.ts",
      "bench/test/**/*.test.ts",
    ],
    pool: "forks",
    testTimeout: 20_000,
    // Built packages are loaded by Node itself, because that is what a user's process does.
    server: { deps: { external: [/\/dist\//] } },
    // `.ci/run` counts from the report, not from the screen.
    reporters: ["default", reportSkipped(), ...(reports ? ["json"] : [])],
    ...(reports && { outputFile: { json: join(reports, "tests.json") } }),
  },
});
