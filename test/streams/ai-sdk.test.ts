import type { RunIncident } from "@otel-lifecycle/incidents";
import { describe, expect, test } from "vitest";
import { startApp } from "../support/app.ts";
import { type NodeBinary, nodeBinaries } from "../support/nodes.ts";
import { EXPECTED } from "./support/expected.ts";
import { startProvider } from "./support/provider.ts";
import { STORIES } from "./support/stories.ts";

/** What the agent prints of each story. */
interface Story {
  readonly story: string;
  readonly alone: unknown;
  readonly observed: unknown;
  readonly told: readonly string[];
  readonly incident?: RunIncident;
}

const nodes = nodeBinaries();
const majorOf = ({ version }: NodeBinary) => Number(version.slice(1, version.indexOf(".")));
const cells = [
  ...nodes.slice(0, 1).map((node) => ({ app: "ai-6", node })),
  ...nodes.filter((node) => majorOf(node) >= 22).map((node) => ({ app: "ai-7", node })),
].map((cell) => ({ ...cell, title: `${cell.app} on Node.js ${cell.node.version}` }));

describe.each(cells)("an agent of the AI SDK, $title", ({ app, node }) => {
  test("sees the same when it is observed, and each break makes the incident that it is", async () => {
    const provider = await startProvider(STORIES);
    const env = { PROVIDER: provider.url, STORIES: JSON.stringify(Object.keys(STORIES)) };
    const agent = await startApp({ app, program: "observed-agent", node: node.path, env });
    const { code, stdout, stderr } = await agent.ended();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const stories = stdout
      .trim()
      .split("\n")
      .map((line): Story => JSON.parse(line));

    expect(Object.fromEntries(stories.map(({ story, observed }) => [story, observed]))).toEqual(
      Object.fromEntries(stories.map(({ story, alone }) => [story, alone])),
    );
    expect(Object.fromEntries(stories.map((one) => [one.story, outcomeOf(one)]))).toEqual(EXPECTED);
    expect(Object.fromEntries(provider.asked)).toEqual(
      Object.fromEntries(
        Object.entries(STORIES)
          .filter(([, answers]) => answers.length > 0)
          .flatMap(([story, { length }]) => [
            [`alone/${story}`, length],
            [`observed/${story}`, length],
          ]),
      ),
    );
  }, 60_000);
});

/** The cause and its position, and all that the run was told. */
const outcomeOf = ({ told, incident }: Story) => ({
  cause: [incident?.cause, incident?.subcause].filter(Boolean).join("."),
  told,
});
