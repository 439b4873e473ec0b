import { fileURLToPath } from "node:url";
import { type Figure, figure, figureWithGoal } from "../figure.ts";
import { type Pair, type Rounds, type Taken, takePairs } from "../pairs.ts";
import { median } from "../statistics.ts";
import { type Load, makeLoad } from "./load.ts";
import { type Passage, passThrough, type Side } from "./pass.ts";

export interface GatewaySizes {
  readonly spans: number;
  readonly rounds: Rounds;
}

/** 1 / 0.8: what passes a Collector of four fifths of the throughput takes this much longer. */
const GOAL = 1.25;

/** The gateway beside a Collector that only hands over, on the same load in the same run. */
export const measureGateway = async (
  sizes: GatewaySizes,
  progress: (step: string) => void,
): Promise<readonly Figure[]> => {
  progress(`making ${sizes.spans} spans`);
  const load = await makeLoad(sizes.spans);
  const figures: Figure[] = [figure("load_evidence_share", load.evidence / load.spans, "1")];
  for (const percentage of [10, 100]) {
    progress(`collector: ${load.spans} spans, ${percentage} % of ordinary traces kept`);
    const taken = await takePairs(pairOf(load, percentage), sizes.rounds);
    figures.push(...figuresOf(`at_${percentage}`, taken, load, percentage === 10));
  }
  return figures;
};

const pairOf = (load: Load, percentage: number): Pair<Passage> => {
  const env = {
    LIFECYCLE_SAMPLING_PERCENTAGE: `${percentage}`,
    // So that what it does to let traces go is within the measurement too.
    LIFECYCLE_DECISION_WAIT: "1s",
    LIFECYCLE_MEMORY_MIB: "2048",
  };
  const gateway: Side = {
    config: pathOf("../../../collector-config/gateway.yaml"),
    env,
    samples: true,
  };
  const bare: Side = { config: pathOf("../../src/collector/bare.yaml"), env: {}, samples: false };
  return { ours: () => passThrough(gateway, load), plain: () => passThrough(bare, load) };
};

const figuresOf = (
  name: string,
  taken: readonly Taken<Passage>[],
  { spans }: Load,
  hasGoal: boolean,
): readonly Figure[] => {
  const of = (side: keyof Taken<Passage>, what: keyof Passage): number =>
    median(taken.map((one) => one[side][what]));
  const ratio = (what: keyof Passage): number =>
    median(taken.map(({ ours, plain }) => ours[what] / plain[what]));
  const judged = (what: string, value: number): Figure =>
    hasGoal
      ? figureWithGoal(`${name}_${what}`, value, "1", GOAL)
      : figure(`${name}_${what}`, value, "1");
  return [
    judged("time_ratio", ratio("seconds")),
    judged("answered_ratio", ratio("answeredSeconds")),
    judged("cpu_ratio", ratio("cpuSeconds")),
    figure(`${name}_rate`, spans / of("ours", "seconds"), "{span}/s"),
    figure(`${name}_bare_rate`, spans / of("plain", "seconds"), "{span}/s"),
    figure(`${name}_answered_rate`, spans / of("ours", "answeredSeconds"), "{span}/s"),
    figure(`${name}_bare_answered_rate`, spans / of("plain", "answeredSeconds"), "{span}/s"),
    figure(`${name}_cpu_per_100k`, (of("ours", "cpuSeconds") / spans) * 1e5, "s"),
    figure(`${name}_bare_cpu_per_100k`, (of("plain", "cpuSeconds") / spans) * 1e5, "s"),
    figure(`${name}_peak_memory`, of("ours", "peakMiB"), "MiBy"),
    figure(`${name}_bare_peak_memory`, of("plain", "peakMiB"), "MiBy"),
    figure(`${name}_delivered_share`, of("ours", "delivered") / spans, "1"),
    figure(`${name}_bare_delivered_share`, of("plain", "delivered") / spans, "1"),
  ];
};

const pathOf = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));
