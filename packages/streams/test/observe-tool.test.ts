import { observeTool } from "@otel-lifecycle/streams";
import { describe, expect, test } from "vitest";
import { listeningRun } from "./support/recorded.ts";

const SEARCH = { source: "tool_runner", tool: "search", toolCallId: "c1", effect: "read_only" };
const tool = { name: "search", effect: "read_only" } as const;
const options = { toolCallId: "c1" };
const STARTED = ["tool_execution_started", SEARCH];
const COMPLETED = ["tool_execution_completed", SEARCH];

describe("a tool that is observed", () => {
  test("is called with its own arguments on its own object, and gives what it gives", () => {
    const run = listeningRun();
    const result = { found: 1 };
    const host = {
      execute: observeTool(run, tool, function (this: unknown, ...args: unknown[]) {
        return { self: this, args, result };
      }),
    };
    const input = { query: "a" };
    const given = host.execute(input, options);
    expect([given.self === host, given.args[0] === input, given.result === result]).toEqual([
      true,
      true,
      true,
    ]);
    expect(run.told).toEqual([STARTED, COMPLETED]);
  });

  test("is completed once its promise is", async () => {
    const run = listeningRun();
    let done: (value: string) => void = () => undefined;
    const execute = observeTool(run, tool, (_input: unknown, _options: unknown) => {
      return new Promise<string>((yes) => (done = yes));
    });
    const result = execute({}, options);
    expect(run.told).toEqual([STARTED]);
    done("found");
    expect(await result).toBe("found");
    expect(run.told).toEqual([STARTED, COMPLETED]);
  });

  test.each([
    ["rejects", () => Promise.resolve().then(() => Promise.reject(error))],
    [
      "throws",
      () => {
        throw error;
      },
    ],
  ] as const)("fails with its own error where it %s", async (_, fail: () => unknown) => {
    const run = listeningRun();
    const execute = observeTool(run, tool, (_input: unknown, _options: unknown) => fail());
    await expect((async () => execute({}, options))()).rejects.toBe(error);
    expect(run.told).toEqual([STARTED, ["tool_execution_failed", { ...SEARCH, error }]]);
  });

  test("that yields is completed with its last part", async () => {
    const run = listeningRun();
    const execute = observeTool(run, tool, async function* (_input: unknown, _options: unknown) {
      yield 1;
      yield 2;
    });
    const parts = execute({}, options);
    expect((await parts.next()).value).toBe(1);
    expect(run.told).toEqual([STARTED]);
    for await (const part of parts) expect(part).toBe(2);
    expect(run.told).toEqual([STARTED, COMPLETED]);
  });

  test("that yields, and is let go of, has not completed", async () => {
    const run = listeningRun();
    const execute = observeTool(run, tool, async function* (_input: unknown, _options: unknown) {
      yield 1;
    });
    for await (const _ of execute({}, options)) break;
    expect(run.told).toEqual([STARTED]);
  });

  test("that yields is still an async generator, also to another that observes it", async () => {
    const run = listeningRun();
    async function* execute(_input: unknown, _options: unknown) {
      yield 1;
    }
    const parts = observeTool(run, tool, observeTool(run, tool, execute))({}, options);
    expect(Object.prototype.toString.call(parts)).toBe("[object AsyncGenerator]");
    expect(parts).toBeInstanceOf(execute);
    expect(run.told).toEqual([STARTED, STARTED]);
    for await (const part of parts) expect(part).toBe(1);
    expect(run.told).toEqual([STARTED, STARTED, COMPLETED, COMPLETED]);
  });

  test("that gives a stream gives that very one", () => {
    const stream = new ReadableStream();
    expect(observeTool(listeningRun(), tool, () => stream)()).toBe(stream);
  });

  test("of which only the name is known says no more", () => {
    const run = listeningRun();
    observeTool(run, { name: "search" }, () => undefined)();
    const facts = { source: "tool_runner", tool: "search" };
    expect(run.told).toEqual([
      ["tool_execution_started", facts],
      ["tool_execution_completed", facts],
    ]);
  });

  test("may be given the call that it is", () => {
    const run = listeningRun();
    const execute = (_input: unknown, _options: unknown) => undefined;
    observeTool(run, { ...tool, toolCallId: "c2" }, execute)({}, options);
    expect(run.told[0]).toEqual(["tool_execution_started", { ...SEARCH, toolCallId: "c2" }]);
  });
});

const error = new RangeError("secret");
