import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Ending, runWatched } from "./program.ts";

// Takes every request and answers none. An exporter alone would wait for it as long as HANGING says,
// which is longer than a test may last.
const server = createServer((request) => request.resume());
let HANGING: NodeJS.ProcessEnv;

beforeEach(async () => {
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;
  HANGING = {
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    OTEL_EXPORTER_OTLP_TIMEOUT: "600000",
  };
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const endingOf = async (life: string, env: NodeJS.ProcessEnv): Promise<Ending> => {
  const { code, signal } = await runWatched("lives", { args: [life], env });
  return { code, signal };
};

const TERMINATED: Ending = { code: null, signal: "SIGTERM" };

describe("the last flush holds the process no longer than its limit (rule 20)", () => {
  test("a signal ends it though nobody answers", async () => {
    expect(await endingOf("raises and waits", { ...HANGING, TIMEOUT_MS: "200" })).toEqual(
      TERMINATED,
    );
  });

  test("process.exit() as well, with its code", async () => {
    const ending = await endingOf("exits", { ...HANGING, TIMEOUT_MS: "200" });
    expect(ending).toEqual({ code: 4, signal: null });
  });

  test("with the endpoint down a signal and an exit end it as they would have", async () => {
    const down = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:1", TIMEOUT_MS: "200" };
    expect(await endingOf("raises and waits", down)).toEqual(TERMINATED);
    expect(await endingOf("exits", down)).toEqual({ code: 4, signal: null });
  });

  test("0 waits for nothing", async () => {
    const { spans, code, signal } = await runWatched("lives", {
      args: ["raises and waits"],
      env: { TIMEOUT_MS: "0" },
    });
    expect({ spans, code, signal }).toEqual({ spans: [], ...TERMINATED });
  });

  test("a second signal ends it at once, as the first would have", async () => {
    const requested = once(server, "request");
    const env = { ...process.env, ...HANGING, RUN_ID: "r1", TIMEOUT_MS: "600000" };
    const [preload = "", program = ""] = ["watched", "lives"].map((name) =>
      fileURLToPath(new URL(`../fixtures/${name}.mjs`, import.meta.url)),
    );
    const args = ["--import", preload, program, "raises and waits"];
    const child = spawn(process.execPath, args, { env, stdio: "ignore" });
    const ended = once(child, "exit");
    await requested;
    child.kill("SIGINT");
    const [code, signal] = await ended;
    expect({ code, signal }).toEqual(TERMINATED);
  });
});
