import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Afterlife, makeAfterlife, start } from "./lives.ts";
import { told } from "./told.ts";

let afterlife: Afterlife;
beforeEach(async () => {
  afterlife = await makeAfterlife();
});
afterEach(() => afterlife.close());

const LOST = ["lost", "process_lost", undefined];
const SHUT_DOWN = ["interrupted", "lifecycle_action", "shutdown"];

describe("each process and each thread has a journal of its own", { timeout: 60_000 }, () => {
  it.each([
    ["thread", LOST],
    ["terminated thread", SHUT_DOWN],
    ["cluster worker", LOST],
    ["child process", LOST],
  ])("beside a %s", async (kind, first) => {
    // As a service is told once, and all that it starts.
    const env = { ...afterlife.env, NODE_OPTIONS: "--import @otel-lifecycle/node/register" };
    await start("kin", { args: [kind], flags: [], env }).ended;
    await afterlife.recover();
    const runs = told(afterlife.receiver.requests).filter(({ name }) =>
      /^\w+ run$/.test(`${name}`),
    );
    expect(runs.map(({ name, attributes }) => [name, ...closeOf(attributes)])).toEqual([
      ["first run", ...first],
      ["other run", ...LOST],
    ]);
    expect(afterlife.journals()).toEqual([]);
  });
});

const closeOf = (attributes: unknown): readonly unknown[] =>
  ["run.result", "close.class", "close.action.kind"].map((name) =>
    Reflect.get(Object(attributes), `lifecycle.${name}`),
  );
