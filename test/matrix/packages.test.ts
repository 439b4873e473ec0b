import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { nodeBinaries } from "../support/nodes.ts";
import { programsOf } from "../support/programs.ts";

const PACKAGES = ["@otel-lifecycle/api", "@otel-lifecycle/sdk", "@otel-lifecycle/node"];

describe.each(nodeBinaries())("the packed packages on Node $version", ({ path }) => {
  test.each(PACKAGES)("%s: require() and import() give the same names, in silence", (name) => {
    const names = "const names = (module) => Object.keys(module).sort().join()";
    const code = `${names}; const required = names(require("${name}"));
      import("${name}").then((imported) => console.log(required !== "" && required === names(imported)));`;
    const cwd = programsOf("sdk-2");
    const { stdout, stderr } = spawnSync(path, ["-e", code], { cwd, encoding: "utf8" });
    expect({ stdout, stderr }).toEqual({ stdout: "true\n", stderr: "" });
  });
});
