import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { accountOf, runAround, runPlain } from "./program.ts";

const NAMESPACE = ["--pid", "--fork", "--mount-proc"];
const { status, stderr } = spawnSync("unshare", [...NAMESPACE, "true"], { encoding: "utf8" });
const isPossible = status === 0;

// In CI too, because a namespace is nothing that could be installed there.
const meta = { platform: `no namespace can be made: ${stderr?.trim() || "there is no unshare"}` };

test.runIf(isPossible)(
  "as pid 1, where a re-raised signal is ignored, we only record, and the process lives on as without us (rule 20)",
  { meta },
  async () => {
    const plain = await runPlain("first-process");
    const { spans, ...ending } = await runAround("first-process");
    const document = spans.map(({ name, attributes }) => [
      name,
      attributes["lifecycle.run.result"] ?? attributes["lifecycle.action.trigger"],
    ]);
    expect({ ending, document: Object.fromEntries(document) }).toEqual({
      ending: plain,
      document: { "agent run": "completed", "shutdown process": "signal" },
    });
    expect(plain.stdout).toBe("1 lived on\n7\n");
    expect(accountOf(spans)).toMatchObject({ action: { "action.signal": "SIGTERM" } });
  },
);
