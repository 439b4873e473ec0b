import { expect, test } from "vitest";
import { planOf } from "../src/plan.ts";

const trials = Array.from({ length: 1_000 }, (_, index) => planOf(1, index + 1));

test("the same seed gives the same plan, another one another", () => {
  expect(planOf(1, 7)).toEqual(trials[6]);
  expect(planOf(2, 7)).not.toEqual(trials[6]);
  expect(new Set(trials.map(({ seed }) => seed)).size).toBe(1_000);
});

test("every way to die, every manner of the receiver and every depth of a chain comes up", () => {
  const stages = trials.flatMap((trial) => trial.stages);
  const servers = stages.flatMap((stage) => stage.servers);
  expect(new Set(servers.map(({ end }) => end.at))).toEqual(
    new Set(["time", "progress", "request", "files", "shutdown", "itself"]),
  );
  expect(new Set(stages.map(({ manner }) => manner))).toEqual(
    new Set(["well", "slow", "refuses", "swallows", "resets", "mixed"]),
  );
  expect(new Set(trials.map((trial) => trial.stages.length))).toEqual(new Set([1, 2, 3, 4, 5]));
  expect(new Set(stages.map((stage) => stage.servers.length))).toEqual(new Set([1, 2, 3]));
});
