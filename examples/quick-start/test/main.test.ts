import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startReceiver } from "why-closed";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));

test("the README's lines close three runs and export who did it", async () => {
  const receiver = await startReceiver({ port: 0 });
  try {
    await promisify(execFile)(process.execPath, [MAIN], {
      env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    });
    const { actions, runs } = receiver.account();
    expect(actions).toMatchObject([
      {
        kind: "dispose_all",
        scope: "instance_store",
        trigger: "http",
        operation: "POST /global/dispose",
        result: "completed",
        runs: { covered: 3, interrupted: 3, completed: 0, failed: 0, other: 0, unsettled: 0 },
        closed: [{ id: "r1" }, { id: "r2" }, { id: "r3" }],
      },
    ]);
    expect(runs.map((run) => run.type)).toEqual(["closed", "closed", "closed"]);
  } finally {
    await receiver.close();
  }
});
