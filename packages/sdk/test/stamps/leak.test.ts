import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const fixture = fileURLToPath(new URL("../fixtures/never-ending-spans.mjs", import.meta.url));

test("spans that have ended are not held, and of those that never do 256 a run, while it is open", () => {
  const { status, stdout } = spawnSync(process.execPath, ["--expose-gc", fixture], {
    encoding: "utf8",
  });
  expect({ status, ...JSON.parse(stdout) }).toEqual({
    status: 0,
    ended: 0,
    neverEnding: 256,
    belowEndedRun: 0,
    open: "open run",
  });
});
