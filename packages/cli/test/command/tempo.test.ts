import { expect, test } from "vitest";
import { accountOf, renderAccount } from "../../src/index.ts";
import { DISPOSAL } from "../disposal.ts";
import { spansOf } from "../spans.ts";
import { whyClosed } from "./bin.ts";
import { startTempo } from "./tempo-server.ts";

const TREE = { status: 0, stdout: renderAccount(accountOf(spansOf(...DISPOSAL))), stderr: "" };

const TO_ACTION = DISPOSAL.filter(
  ({ attributes }) =>
    attributes["lifecycle.close.action.id"] === "01root" ||
    attributes["lifecycle.action.id"] !== undefined,
);
const ACTION_TREE = { ...TREE, stdout: renderAccount(accountOf(spansOf(...TO_ACTION))) };

test.each([
  ["the newer", {}],
  ["the older", { isOlder: true }],
])("%s API gives the same account as a file", async (_, options) => {
  const { url, queries } = await startTempo(DISPOSAL, options);
  expect(await whyClosed(["tempo", url])).toEqual(TREE);
  expect(queries.slice(0, 7).sort()).toEqual([
    '{ span.lifecycle.action.result = "completed" }',
    '{ span.lifecycle.action.result = "failed" }',
    '{ span.lifecycle.action.result = "unsettled" }',
    '{ span.lifecycle.run.result = "completed" }',
    '{ span.lifecycle.run.result = "failed" }',
    '{ span.lifecycle.run.result = "interrupted" }',
    '{ span.lifecycle.run.result = "lost" }',
  ]);
});

test("an action and a run of it give what belongs to the action", async () => {
  const { url } = await startTempo(DISPOSAL);
  expect(await whyClosed(["tempo", url, "--action", "01root"])).toEqual(ACTION_TREE);
  expect(await whyClosed(["tempo", url, "--action", "01nested"])).toEqual(ACTION_TREE);
  expect(await whyClosed(["tempo", url, "--run", "r2", "--service", "agent"])).toEqual(ACTION_TREE);
});

test("a time in seconds, and as far back as is asked for", async () => {
  const { url, asked } = await startTempo(DISPOSAL);
  await whyClosed(["tempo", url, "--since", "90m"]);
  await whyClosed(["tempo", url, "--action", "01root"]);
  const windows = asked
    .filter((path) => path.startsWith("/api/search"))
    .map((path) => new URL(path, url).searchParams)
    .map((parameters) => Number(parameters.get("end")) - Number(parameters.get("start")));
  expect([...new Set(windows)]).toEqual([5400, 604_800]);
});

test("the name of a service stays a name, whatever is in it", async () => {
  const service = 'a" || true } | {} \\ \u2028';
  const { url, queries } = await startTempo(DISPOSAL, { services: [service] });
  const { stdout } = await whyClosed(["tempo", url, "--service", service]);
  expect(stdout).toBe(TREE.stdout);
  expect(queries[0]).toBe(
    '{ resource.service.name = "a\\" || true } | {} \\\\ \u2028" && span.lifecycle.run.result = "interrupted" }',
  );
});

test("several services are all asked for", async () => {
  const { url, queries } = await startTempo(DISPOSAL);
  const args = ["--run", "r2", "--service", "agent", "--service", "worker"];
  expect(await whyClosed(["tempo", url, ...args])).toEqual(ACTION_TREE);
  expect(queries.slice(0, 2)).toEqual([
    '{ resource.service.name = "agent" && span.lifecycle.run.id = "r2" }',
    '{ resource.service.name = "worker" && span.lifecycle.run.id = "r2" }',
  ]);
});

test("a trace that Tempo gives in part only is told", async () => {
  const { url } = await startTempo(DISPOSAL, { status: "PARTIAL" });
  expect(await whyClosed(["tempo", url])).toEqual({
    ...TREE,
    stderr: "why-closed: Tempo: traces that it gave in part only: 1\n",
  });
});

test("what is named and not there is told, and is status 1", async () => {
  const { url } = await startTempo(DISPOSAL);
  expect(await whyClosed(["tempo", url, "--run", "r99"])).toEqual({
    status: 1,
    stdout: "",
    stderr: "why-closed: Tempo has no run r99 that began in the last 7 d\n",
  });
  expect(
    await whyClosed(["tempo", url, "--action", "01other", "--service", "agent", "--since", "2h"]),
  ).toEqual({
    status: 1,
    stdout: "",
    stderr: "why-closed: Tempo has no action 01other in agent that began in the last 2 h\n",
  });
});

test("a time in which nothing happened is no mistake", async () => {
  const { url } = await startTempo([]);
  expect(await whyClosed(["tempo", url])).toEqual({
    status: 0,
    stdout: "no span with lifecycle.* attributes is in this input\n",
    stderr: "",
  });
});

test("a service that Tempo does not know is told, with those that it knows", async () => {
  const services = Array.from({ length: 12 }, (_, at) => `service-${at + 10}`);
  const { url } = await startTempo(DISPOSAL, { services });
  const known = services.slice(0, 10).join(", ");
  expect(await whyClosed(["tempo", url, "--service", "shop"])).toEqual({
    status: 2,
    stdout: "",
    stderr: `why-closed: ${url}: no service "shop" is known there; it knows ${known} and 2 more\n`,
  });
});
