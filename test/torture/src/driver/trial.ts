import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Comparison, compare } from "../compare/compare.ts";
import { type Finding, wrong } from "../compare/finding.ts";
import type { ServerPlan, TrialPlan } from "../plan.ts";
import { createRandom, seedOf } from "../random.ts";
import { createDeaths, type Deaths } from "./death.ts";
import { momentOf } from "./ends.ts";
import { remainsIn } from "./held-spans.ts";
import { journalOf } from "./journal-files.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import { type ServerProcess, startServer } from "./server-process.ts";

/** What became of a trial, and where its files are, if they were kept. */
export interface TrialResult extends Comparison {
  readonly folder: string;
  readonly warnings: readonly string[];
}

/** Runs a trial. Its folder is removed unless something was found that must not be. */
export const runTrial = async (plan: TrialPlan): Promise<TrialResult> => {
  const folder = mkdtempSync(join(tmpdir(), "torture-"));
  const directory = join(folder, "j");
  mkdirSync(directory, { mode: 0o700 });
  const receiver = await startReceiver(createRandom(seedOf(plan.seed, 1)));
  const living = new Set<ServerProcess>();
  const deaths = createDeaths(directory, living);
  const trial: Trial = { folder, directory, receiver, living, deaths, calls: new Map() };
  receiver.onRequest = (process) => trial.calls.get(process)?.();
  try {
    for (const { manner, servers } of plan.stages) {
      receiver.manner = manner;
      await Promise.all(servers.map((server) => live(trial, server)));
    }
    receiver.manner = "well";
    const remains = await lastStart(trial);
    return judged(trial, remains);
  } finally {
    for (const server of living) if (!server.isGone) server.signal("SIGKILL");
    receiver.close();
  }
};

interface Trial {
  readonly folder: string;
  readonly directory: string;
  readonly receiver: Receiver;
  readonly living: Set<ServerProcess>;
  readonly deaths: Deaths;
  /** What is called at a request of a process. */
  readonly calls: Map<number, () => void>;
}

const start = (trial: Trial, { seed, load }: Pick<ServerPlan, "seed" | "load">): ServerProcess => {
  const { folder, directory, receiver, living } = trial;
  const process = living.size + 1;
  const side = join(folder, `${process}.side`);
  const server = startServer(folder, { process, seed, directory, url: receiver.url, side, load });
  living.add(server);
  return server;
};

const live = async (trial: Trial, plan: ServerPlan): Promise<void> => {
  const server = start(trial, plan);
  const onRequest = (call: () => void): void => {
    trial.calls.set(server.process, call);
  };
  await momentOf(plan.end, { server, directory: trial.directory, onRequest });
  await trial.deaths.kill(server);
  await trial.deaths.awaited(server);
};

// A start that is left alone until nothing of the dead is there any more. Gives what stayed.
const lastStart = async (trial: Trial): Promise<readonly Finding[]> => {
  const server = start(trial, { seed: 0, load: undefined });
  await server.ready;
  const isClear = await settled(() => remainsOf(trial, server).length === 0);
  const remains = isClear ? [] : remainsOf(trial, server);
  server.signal("SIGTERM");
  if (!(await settled(() => server.isGone))) await trial.deaths.kill(server);
  await trial.deaths.awaited(server);
  const ends = [...remains, ...remainsIn(trial.directory, new Set())];
  return ends.map((name) => wrong(`${name} stayed in the directory`));
};

const remainsOf = ({ directory }: Trial, server: ServerProcess): readonly string[] => {
  const own = journalOf(directory, server.pid);
  return own === undefined
    ? ["no journal of the last start"]
    : remainsIn(directory, new Set([own]));
};

const settled = async (isSo: () => boolean): Promise<boolean> => {
  const limit = Date.now() + PATIENCE_MS;
  while (!isSo()) {
    if (Date.now() > limit) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
};

/** Far more than any recovery takes. */
const PATIENCE_MS = 15_000;

const judged = ({ folder, deaths, receiver }: Trial, remains: readonly Finding[]): TrialResult => {
  const { runs, findings } = compare(deaths.lives, receiver.deliveries);
  const all = [...findings, ...remains];
  if (all.every(({ type }) => type === "duplicated")) rmSync(folder, { recursive: true });
  const warnings = [...deaths.lives.values()].flatMap(({ history }) => history.warnings);
  return { runs, findings: all, folder, warnings };
};
