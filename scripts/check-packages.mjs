/** Checks what a user would install: publint and attw on each package's tarball. Build first. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pack } from "./pack.mjs";
import { publishedPackages, root } from "./packages.mjs";

const bin = (/** @type {string} */ name) => join(root, "node_modules/.bin", name);

/** @param {string} tarball */
function lint(tarball) {
  const publint = [bin("publint"), "run", tarball, "--strict"];
  // ESM only: `require` of it works from Node 20.19 and 22.12 on. `@types` would be looked up online.
  const attw = [
    bin("attw"),
    tarball,
    "--profile",
    "esm-only",
    "--no-definitely-typed",
    "--no-color",
  ];
  return [publint, attw].flatMap(([tool = "", ...args]) => {
    const { status, stdout, stderr } = spawnSync(tool, args, { encoding: "utf8" });
    return status === 0 ? [] : [`${stdout}${stderr}`];
  });
}

const into = mkdtempSync(join(tmpdir(), "otel-lifecycle-pack-"));
try {
  for (const pkg of publishedPackages()) {
    const { tarball, files } = pack(pkg, into);
    const missing = ["README.md", "LICENSE"].filter((file) => !files.includes(file));
    const problems = [
      ...missing.map((file) => `${file} is missing in the tarball\n`),
      ...lint(tarball),
    ];
    console.log(`${pkg.name}: ${problems.length === 0 ? "ok" : "failed"}, ${files.length} files`);
    for (const problem of problems) console.log(problem);
    if (problems.length > 0) process.exitCode = 1;
  }
} finally {
  rmSync(into, { recursive: true, force: true });
}
