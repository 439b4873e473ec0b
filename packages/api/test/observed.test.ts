import { lifecycleSnapshot, withRun } from "@otel-lifecycle/api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { registerHarvest } from "./support/harvest.ts";

const harvest = registerHarvest();
let before = 0;
beforeEach(() => {
  before = lifecycleSnapshot().runs;
});
afterEach(() => harvest.reset());

const inFlight = () => lifecycleSnapshot().runs - before;

describe("rule 1: result, error and timing are the function's own, of a run as of an action", () => {
  test("a run gives back a synchronous result", () => {
    const result = Symbol("result");
    expect(withRun({ name: "agent run" }, () => result)).toBe(result);
  });

  test("a run throws what its function throws, be it no error", () => {
    let thrown: unknown;
    try {
      withRun({ name: "agent run" }, () => {
        throw undefined;
      });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeUndefined();
    expect(harvest.span("agent run")).toMatchObject({
      status: "ERROR",
      attributes: { "lifecycle.run.result": "failed", "error.type": "_OTHER" },
    });
  });

  test("a promise stays pending as long as the function's, and the run in flight with it", async () => {
    let done: (value: string) => void = () => undefined;
    const result = withRun({ name: "agent run" }, () => new Promise<string>((yes) => (done = yes)));
    expect(inFlight()).toBe(1);
    done("text");
    await expect(result).resolves.toBe("text");
    expect(inFlight()).toBe(0);
  });

  test("a thenable whose `then` gives nothing back still resolves with its value", async () => {
    const thenable = (): PromiseLike<string> =>
      ({
        // biome-ignore lint/suspicious/noThenProperty: that is what is tried.
        then: (resolve: (value: string) => void) => void resolve("text"),
      }) as unknown as PromiseLike<string>;
    expect(await withRun({ name: "agent run" }, thenable)).toBe("text");
    expect(inFlight()).toBe(0);
  });

  test("a thenable whose `then` throws rejects, and the run is over", async () => {
    const error = new Error("not connected");
    const thenable = (): PromiseLike<string> => ({
      // biome-ignore lint/suspicious/noThenProperty: that is what is tried.
      then: () => {
        throw error;
      },
    });
    await expect((async () => withRun({ name: "agent run" }, thenable))()).rejects.toBe(error);
    expect(inFlight()).toBe(0);
  });

  test("a result whose `then` cannot be read is given back as it is", () => {
    // biome-ignore lint/suspicious/noThenProperty: that is what is tried.
    const result = Object.defineProperty({}, "then", {
      get: () => {
        throw new Error("hands off");
      },
    });
    expect(withRun({ name: "agent run" }, () => result)).toBe(result);
    expect(inFlight()).toBe(0);
  });
});
