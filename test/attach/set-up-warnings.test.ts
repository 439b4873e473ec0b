import { cpSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { startApp } from "../support/app.ts";
import { nodeBinaries } from "../support/nodes.ts";
import { appFolder, programsOf } from "../support/programs.ts";
import { OURS } from "./vendors.ts";

describe("a mistake at set-up is one line with its remedy (rule 38)", () => {
  test("a copy of the API in the application that is newer than ours", async () => {
    const program = withNewerApi();
    expect(await warningsOf({ app: "sdk-2", program, flags: OURS })).toEqual([
      line("has @opentelemetry/api 1.10.0, which cannot use what 1.9.1 registers", "npm dedupe"),
    ]);
  });

  test("a provider without a context manager", async () => {
    const flags = ["--import", "./without-context", ...OURS];
    expect(await warningsOf({ app: "sdk-3", program: "server", flags })).toEqual([
      line("No context manager is registered", "context.setGlobalContextManager()"),
    ]);
  });

  test("nothing registered to attach to", async () => {
    expect(await warningsOf({ app: "sdk-3", program: "attach-to-nothing" })).toEqual([
      line("No tracer provider is registered to attach to", "Register the SDK first"),
    ]);
  });

  test("our processor behind the one that exports", async () => {
    const flags = ["--import", "./behind-exporter", ...OURS];
    expect(await warningsOf({ app: "sdk-3", program: "work", flags })).toEqual([
      line("stands behind a processor that exports", "Put it first in spanProcessors."),
    ]);
  });
});

const line = (what: string, remedy: string) =>
  expect.stringMatching(new RegExp(`^@otel-lifecycle/.*${escaped(what)}.*${escaped(remedy)}`));

const escaped = (text: string): string => text.replaceAll(/[.()]/g, "\\$&");

/** What the program wrote to stderr; fails unless it ended well. */
const warningsOf = async (options: Parameters<typeof startApp>[0]): Promise<readonly string[]> => {
  const node = nodeBinaries().find(({ version }) => version.startsWith("v22."));
  if (node === undefined) throw new Error("Node 22 is not installed");
  const app = await startApp({ ...options, node: node.path });
  if (options.program === "server") {
    await app.said("ready");
    app.kill("SIGTERM");
  }
  const { code, signal, stderr } = await app.ended();
  expect(code ?? signal).toBe(options.program === "server" ? "SIGTERM" : 0);
  return stderr.trimEnd().split("\n");
};

/** The program in a folder that finds the other line's API first, as an application may. */
const withNewerApi = (): string => {
  const programs = programsOf("sdk-2");
  const folder = join(programs, "newer-api");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, "node_modules/@opentelemetry"), { recursive: true });
  const api = "node_modules/@opentelemetry/api";
  symlinkSync(join(appFolder("sdk-3"), api), join(folder, api));
  cpSync(join(programs, "work.mjs"), join(folder, "work.mjs"));
  return "newer-api/work";
};
