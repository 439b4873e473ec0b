import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const FIXTURE = fileURLToPath(new URL("../fixtures/megabytes.mjs", import.meta.url));
// The text that was looked at last is V8's to keep, for `RegExp.lastMatch`.
const THREE_TEXTS = 3_000_000;

test("rule 29: a log that is fed with 300 texts of a megabyte keeps none of them", () => {
  const { stdout, stderr } = spawnSync(process.execPath, ["--expose-gc", FIXTURE], {
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  const { kept, held } = JSON.parse(stdout);
  expect(kept).toBe(64);
  expect(held).toBeLessThan(THREE_TEXTS);
});
