import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const fixture = fileURLToPath(new URL("../fixtures/ended-roots.mjs", import.meta.url));

test("of roots that have ended, what ran below open ones and what they answered nothing is held (rule 10)", () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--expose-gc", fixture], {
    encoding: "utf8",
  });
  expect({ status, stderr, ...JSON.parse(stdout) }).toEqual({
    status: 0,
    stderr: "",
    ended: 0,
    belowOpenRoot: 0,
    exchanges: 0,
    before: { runs: 1, actions: 0 },
    after: 0,
  });
});
