import { startRun } from "@otel-lifecycle/api";
import { type EvidenceRecorder, registry } from "@otel-lifecycle/api/internal";
import { afterEach, describe, expect, test } from "vitest";

let told: { readonly type: string; readonly facts: object | undefined }[] = [];
const recorder: EvidenceRecorder = {
  noted: (_, type, facts) => {
    told.push({ type, facts });
  },
  initiated: () => undefined,
  ended: () => undefined,
};
afterEach(() => {
  registry.recorder = undefined;
  told = [];
});

const name = "close_db";
const started = { type: "finalizer_started", facts: { name } };
const completed = {
  type: "finalizer_completed",
  facts: { name, durationMs: expect.toSatisfy((ms: number) => ms >= 0 && ms < 10_000) },
};
const failed = (error: unknown) => ({
  type: "finalizer_failed",
  facts: { ...completed.facts, error },
});

describe.each([
  ["without a recorder", undefined],
  ["with one", recorder],
])("rule 28: a finalizer's result and error are its own, %s", (_, given) => {
  const call = <T>(fn: () => T) => {
    registry.recorder = given;
    return startRun({ name: "agent run" }).finalizer(name, fn);
  };
  const expectTold = (...entries: readonly object[]): void =>
    expect(told).toEqual(given === undefined ? [] : entries);

  test("a result", () => {
    const result = {};
    expect(call(() => result)).toBe(result);
    expectTold(started, completed);
  });

  test("an error", () => {
    const error = new Error("locked");
    expect(() =>
      call(() => {
        throw error;
      }),
    ).toThrow(error);
    expectTold(started, failed(error));
  });

  test("a promise's value, once it is there", async () => {
    let done: (value: string) => void = () => undefined;
    const result = call(() => new Promise<string>((resolve) => (done = resolve)));
    expectTold(started);
    done("closed");
    expect(result).toBeInstanceOf(Promise);
    expect(await result).toBe("closed");
    expectTold(started, completed);
  });

  test("a promise's rejection", async () => {
    const error = new Error("locked");
    await expect(call(() => Promise.reject(error))).rejects.toBe(error);
    expectTold(started, failed(error));
  });

  test("a thenable, which comes back as a promise", async () => {
    const thenable: PromiseLike<string> = {
      // biome-ignore lint/suspicious/noThenProperty: that is what is tried.
      then: (resolve) => Promise.resolve("closed").then(resolve),
    };
    const result = call(() => thenable);
    expect(result).toBeInstanceOf(Promise);
    expect(await result).toBe("closed");
    expectTold(started, completed);
  });
});

test("rule 28: a finalizer that is still under way when the run ends leaves its start", async () => {
  registry.recorder = recorder;
  const run = startRun({ name: "agent run" });
  let done: () => void = () => undefined;
  const result = run.finalizer(name, () => new Promise<void>((resolve) => (done = resolve)));
  run.end();
  done();
  await result;
  expect(told).toEqual([started]);
});
