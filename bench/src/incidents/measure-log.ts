import { createEvidenceLog, type EvidenceLog } from "@otel-lifecycle/incidents";
import { type Figure, figure, figureWithGoal } from "../figure.ts";
import { collectGarbage } from "../garbage.ts";
import type { Progress } from "../measure.ts";
import { takePairs } from "../pairs.ts";
import type { LogSizes } from "../sizes.ts";
import { median } from "../statistics.ts";

/** What it costs a run that the same is said of it again and again, and what that leaves. */
export const measureLog = async (
  { repeats, logs, rounds }: LogSizes,
  progress: Progress,
): Promise<readonly Figure[]> => {
  progress(`incidents: ${repeats} repeats`);
  const bare = await takePairs(
    { ours: () => timeOf(repeats, saidAgain(undefined)), plain: () => timeOf(repeats, theClock) },
    rounds,
  );
  const withFacts = await takePairs(
    { ours: () => timeOf(repeats, saidAgain(FACTS)), plain: () => timeOf(repeats, theClock) },
    rounds,
  );
  progress(`incidents: memory of ${logs} logs`);
  bytesOfLog(logs, repeats);
  // Twice, because a record has a place for when it was last said only once it was said again.
  const twice = bytesOfLog(logs, 2);
  const often = bytesOfLog(logs, repeats);
  return [
    figureWithGoal("evidence_repeat", median(bare.map(({ ours }) => ours)), "us", 0.15),
    figure("evidence_repeat_with_facts", median(withFacts.map(({ ours }) => ours)), "us"),
    figure("evidence_clock", median(bare.map(({ plain }) => plain)), "us"),
    figure("evidence_log_memory", often, "By"),
    figure("evidence_repeats_memory", often - twice, "By"),
  ];
};

const FACTS = { source: "provider_stream", tool: "read_file", toolCallId: "call_1" };

const createLog = (): EvidenceLog => {
  let order = 0;
  return createEvidenceLog({ order: () => (order += 1), now: () => performance.now() });
};

const saidAgain = (facts: typeof FACTS | undefined): (() => void) => {
  const log = createLog();
  return () => log.note("text_output_started", facts);
};

/** What is in each repeat: one look at the clock. */
const theClock = (): number => performance.now();

/** Microseconds of CPU time of one call: others on the machine are not in it. */
const timeOf = (count: number, call: () => unknown): number => {
  call();
  const began = process.cpuUsage();
  for (let index = 0; index < count; index += 1) call();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / count;
};

/** Bytes that one log holds in which the same was said so often. */
const bytesOfLog = (logs: number, repeats: number): number => {
  const held: EvidenceLog[] = [];
  const before = heapUsed();
  for (let index = 0; index < logs; index += 1) {
    const log = createLog();
    for (let said = 0; said < repeats; said += 1) log.note("text_output_started", undefined);
    held.push(log);
  }
  return (heapUsed() - before) / held.length;
};

const heapUsed = (): number => {
  collectGarbage();
  return process.memoryUsage().heapUsed;
};
