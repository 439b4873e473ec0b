import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { describeWith } from "./support/binary.ts";

const BENCH = fileURLToPath(new URL("../../bench/dist/collector/main.js", import.meta.url));

const run = promisify(execFile);

describeWith(["otelcol"], "pnpm bench:collector", () => {
  test("measures the gateway beside a bare Collector, which delivers every span", async () => {
    const { stdout } = await run(process.execPath, [BENCH, "--quick", "--json"]);
    const figures = JSON.parse(stdout) as readonly { name: string; value: number; goal: unknown }[];
    expect(figures.filter(({ goal }) => goal !== null).map(({ name }) => name)).toEqual([
      "at_10_time_ratio",
      "at_10_answered_ratio",
      "at_10_cpu_ratio",
    ]);
    const shares = Object.fromEntries(
      figures.filter(({ name }) => name.includes("share")).map(({ name, value }) => [name, value]),
    );
    expect(shares).toEqual({
      load_evidence_share: expect.closeTo(0.04, 2),
      // A tenth of the traces, and those with evidence.
      at_10_delivered_share: expect.closeTo(0.23, 1),
      at_10_bare_delivered_share: 1,
      at_100_delivered_share: 1,
      at_100_bare_delivered_share: 1,
    });
  }, 120_000);

  test("says what is wrong with a command line, and that there is no Collector", async () => {
    const failed = async (args: readonly string[], env: NodeJS.ProcessEnv) =>
      run(process.execPath, [BENCH, ...args], { env }).catch(
        ({ code, stderr }: { code: number; stderr: string }) => [code, stderr.split("\n")[0]],
      );
    expect(await failed(["--loud"], process.env)).toEqual([2, expect.stringContaining("--loud")]);
    expect(await failed([], { OTEL_LIFECYCLE_BACKENDS: "/nowhere" })).toEqual([
      2,
      "bench: no Collector at /nowhere/otelcol: build it with `pnpm backends`",
    ]);
  });
});
