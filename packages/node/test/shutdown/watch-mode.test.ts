import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { startReceiver } from "why-closed";
import { spansOf } from "../../../../test/support/otlp-span.ts";
import { accountOf, interruptedBy } from "./program.ts";

test("a restart by node --watch is the watcher's, by its SIGTERM (rule 19)", async () => {
  const receiver = await startReceiver({ port: 0 });
  const folder = mkdtempSync(join(tmpdir(), "otel-lifecycle-watch-"));
  const program = join(folder, "program.mjs");
  const text = 'console.log("up"); setInterval(() => undefined, 1000);\n';
  writeFileSync(program, text);
  const preload = fileURLToPath(new URL("../fixtures/watched.mjs", import.meta.url));
  const watcher = spawn(process.execPath, ["--watch", "--import", preload, program], {
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, RUN_ID: "r1" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const ended = once(watcher, "exit");
  try {
    await once(watcher.stdout, "data");
    writeFileSync(program, `${text}// changed\n`);
    await expect
      .poll(() => accountOf(spansOf(receiver.requests)), { timeout: 15_000 })
      .toEqual(interruptedBy("watch", { signal: "SIGTERM" }));
  } finally {
    watcher.kill();
    await ended;
    await receiver.close();
    rmSync(folder, { recursive: true });
  }
});
