import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { recoverJournals } from "@otel-lifecycle/sdk/journal";
import { type Figure, figure, figureWithGoal } from "../figure.ts";
import { openRun } from "../memory/open-work.ts";
import type { RecoverySizes } from "../sizes.ts";
import { median } from "../statistics.ts";
import type { JournalledPipeline } from "./journalled.ts";

/** What the recovery of a journal costs that is full of runs which were open; the exporter only answers. */
export const measureRecovery = async (
  pipeline: JournalledPipeline,
  { runs, rounds: { warmUp, counted } }: RecoverySizes,
): Promise<readonly Figure[]> => {
  const directory = mkdtempSync(join(tmpdir(), "bench-recovery-"));
  try {
    const dead = join(directory, "dead");
    await leaveOpen(pipeline, runs, dead);
    const cpus: number[] = [];
    for (let round = 0; round < warmUp + counted; round += 1) {
      const copy = join(directory, String(round));
      cpSync(dead, copy, { recursive: true });
      cpus.push(await cpuOfRecovery(copy, runs));
    }
    const [first = 0] = cpus;
    return [
      figureWithGoal("journal_recovery", median(cpus.slice(warmUp)), "s", 1),
      figure("journal_recovery_first", first, "s"),
    ];
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
};

/** A copy of the journal, made while they are open, is what a killed process leaves: its socket is not in it. */
const leaveOpen = async (
  pipeline: JournalledPipeline,
  runs: number,
  directory: string,
): Promise<void> => {
  await pipeline.journalled((path) => {
    const { begin, end } = openRun();
    const open = Array.from({ length: runs }, begin);
    const copy = join(directory, basename(path));
    mkdirSync(directory, { mode: 0o700 });
    cpSync(path, copy, { recursive: true, filter: (from) => basename(from) !== "alive" });
    chmodSync(copy, 0o700);
    for (const one of open) end(one);
  });
};

/** In seconds. */
const cpuOfRecovery = async (directory: string, runs: number): Promise<number> => {
  chmodSync(directory, 0o700);
  const before = process.cpuUsage();
  const { lost } = await recoverJournals(directory, ANSWERS);
  const { user, system } = process.cpuUsage(before);
  // What it did not find would have cost nothing.
  if (lost !== runs) throw new Error(`${lost} of ${runs} runs were recovered`);
  return (user + system) / 1e6;
};

const ANSWERS = {
  export: (_: unknown, done: (result: { readonly code: number }) => void) => done({ code: 0 }),
  shutdown: () => Promise.resolve(),
};
