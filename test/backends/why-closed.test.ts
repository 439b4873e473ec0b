import { expect, test, vi } from "vitest";
import type { AccountJson } from "why-closed";
import { whyClosed } from "../../packages/cli/test/command/bin.ts";
import { describeWith } from "./support/binary.ts";
import { DEMO_SERVICE, type PlayedDemo, playDemo } from "./support/demo.ts";
import { startJaeger } from "./support/jaeger.ts";
import { tracesWith } from "./support/jaeger-api.ts";
import { postBody } from "./support/otlp-json.ts";

const jsonOf = async (...args: readonly string[]): Promise<AccountJson> => {
  const { status, stdout, stderr } = await whyClosed([...args, "--json"]);
  expect([status, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
};

/** The part of an account that belongs to one action that is nested in none. */
const partOf = ({ actions, runs }: AccountJson, id: string, { sent }: PlayedDemo): AccountJson => ({
  actions: actions.filter((action) => action.id === id || action.parentId === id),
  runs: runs.filter((run) => run.actionId === id),
  inherited: sent.filter(
    ({ attributes }) =>
      "lifecycle.close.inherited_class" in attributes &&
      attributes["lifecycle.close.action.id"] === id,
  ).length,
});

describeWith(["otelcol", "jaeger"], "why-closed on a real Jaeger", () => {
  test("what it prints is what it prints of the same spans in a file", async () => {
    const { jaeger, file } = await playDemo();
    const asked = ["jaeger", jaeger.url, "--service", DEMO_SERVICE];
    const printed = await whyClosed([file]);
    expect(await whyClosed(asked)).toEqual(printed);
    expect(await jsonOf(...asked)).toEqual(await jsonOf(file));
    expect(printed.stdout).toContain("4 stopped");
  });

  test("an action, each of its runs and an action inside it give the same part of it", async () => {
    const demo = await playDemo({ basePath: "/jaeger" });
    const asked = ["jaeger", `${demo.jaeger.url}/`, "--service", DEMO_SERVICE];
    const whole = await jsonOf(demo.file);
    const action = whole.actions.find(({ kind }) => kind === "dispose_all");
    const part = partOf(whole, action?.id ?? "", demo);
    expect([part.actions.length, part.runs.length, part.inherited]).toEqual([4, 4, 4]);

    for (const { id } of part.actions) expect(await jsonOf(...asked, "--action", id)).toEqual(part);
    for (const { id } of part.runs) expect(await jsonOf(...asked, "--run", id)).toEqual(part);
    expect(await jsonOf(...asked, "--run", part.runs[0]?.traceId ?? "")).toEqual(part);
  });

  test("a run that no action closed stands by itself, also by its trace's id", async () => {
    const { jaeger, file } = await playDemo();
    const asked = ["jaeger", jaeger.url, "--service", DEMO_SERVICE];
    const { runs } = await jsonOf(file);
    const run = runs.find(({ class: closed }) => closed === "unknown_scope_close");
    for (const id of [run?.id, run?.traceId])
      expect(await jsonOf(...asked, "--run", id ?? "")).toMatchObject({ actions: [], runs: [run] });
    expect(await whyClosed([...asked, "--run", "nobody"])).toEqual({
      status: 1,
      stdout: "",
      stderr: "why-closed: Jaeger has no run nobody in agent-server that began in the last 7 d\n",
    });
    expect(await whyClosed(["jaeger", jaeger.url])).toMatchObject({
      status: 2,
      stderr: `why-closed: ${jaeger.url}: name a service with --service, Jaeger wants one; it knows agent-server\n`,
    });
  });
});

/** Runs that one action closed, each a trace of its own, some of them begun at the same time. */
const fanOut = (count: number): string => {
  const startedAt = BigInt(Date.now() - 60_000);
  const span = (number: number, attributes: Readonly<Record<string, string>>): object => ({
    traceId: number.toString(16).padStart(32, "0"),
    spanId: number.toString(16).padStart(16, "0"),
    name: "agent run",
    kind: 1,
    startTimeUnixNano: `${(startedAt + BigInt(number >> 4)) * 1_000_000n}`,
    endTimeUnixNano: `${(startedAt + 1000n) * 1_000_000n}`,
    attributes: Object.entries(attributes).map(([key, stringValue]) => ({
      key,
      value: { stringValue },
    })),
  });
  const runs = Array.from({ length: count }, (_, at) =>
    span(at + 1, {
      "lifecycle.run.id": `r${at}`,
      "lifecycle.run.result": "interrupted",
      "lifecycle.close.class": "lifecycle_action",
      "lifecycle.close.action.id": "01root",
    }),
  );
  const resource = { attributes: [{ key: "service.name", value: { stringValue: "app" } }] };
  return JSON.stringify({
    resourceSpans: [{ resource, scopeSpans: [{ scope: {}, spans: runs }] }],
  });
};

describeWith(["jaeger"], "why-closed on a real Jaeger that answers in pages", () => {
  test("of 350 runs, more than three answers hold, each is there once and none is left out", async () => {
    const { url, otlpUrl } = await startJaeger();
    await postBody(otlpUrl, fanOut(350));
    await vi.waitUntil(async () => (await tracesWith(url, "app", {})).length === 350, {
      timeout: 15_000,
    });
    const { runs } = await jsonOf("jaeger", url, "--service", "app", "--action", "01root");
    expect(runs.map(({ id }) => id).sort()).toEqual(
      Array.from({ length: 350 }, (_, at) => `r${at}`).sort(),
    );
  });
});
