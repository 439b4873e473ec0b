import { describe, expect, test } from "vitest";
import type { OtlpSpan } from "../../../../test/support/otlp-span.ts";
import { accountOf, interruptedBy, runPlain, runWatched } from "./program.ts";

const life = async (name: string, env: NodeJS.ProcessEnv = {}) => {
  const options = { args: [name], env };
  const plain = await runPlain("lives", options);
  const { spans, ...ending } = await runWatched("lives", options);
  return { plain, ending, spans };
};

const verdictsOf = (spans: readonly OtlpSpan[]): unknown =>
  Object.fromEntries(
    spans
      .filter(({ attributes }) => attributes["lifecycle.run.result"])
      .map(({ name, attributes }) => [
        name,
        ["run.result", "close.class", "close.via"]
          .flatMap((key) => attributes[`lifecycle.${key}`] ?? [])
          .join(" "),
      ]),
  );

describe("what is in flight is covered the moment the signal arrives (rule 19)", () => {
  test("what finishes in the drain has completed, what the listener aborts and what is left is the shutdown's", async () => {
    const { spans, ...ending } = await runWatched("lives", { args: ["drains at SIGTERM"] });
    expect(ending).toEqual({ code: 0, signal: null, stdout: "" });
    expect(verdictsOf(spans)).toEqual({
      "finishing run": "completed",
      "aborted run": "interrupted lifecycle_action registry",
      "clean-up run": "completed",
      "agent run": "interrupted lifecycle_action shutdown",
    });
    const actions = spans.filter(({ name }) => name === "shutdown process");
    // The listeners are called within the shutdown.
    const parent = spans.find(({ name }) => name === "clean-up run")?.parentSpanId;
    expect(actions.map(({ spanId }) => spanId)).toEqual([parent]);
  });

  test.each(["lives on after SIGHUP", "deals with an exception"])(
    "a process that %s has no shutdown",
    async (name) => {
      const { spans, ...ending } = await runWatched("lives", { args: [name] });
      expect({
        ending,
        names: spans.map((span) => span.name),
        verdicts: verdictsOf(spans),
      }).toEqual({
        ending: { code: 0, signal: null, stdout: "" },
        names: ["agent run"],
        verdicts: { "agent run": "completed" },
      });
    },
  );

  test("what begins while the process is flushed goes by the same signal", async () => {
    const { spans, code, signal } = await runWatched("lives", {
      args: ["goes on while it is flushed"],
    });
    const triggers = spans
      .filter(({ name }) => name === "late run")
      .map(({ attributes }) => attributes["lifecycle.close.action.trigger"]);
    expect({ code, signal, triggers: [...new Set(triggers)] }).toEqual({
      code: null,
      signal: "SIGTERM",
      triggers: ["signal"],
    });
  });

  test("provider.shutdown() is one as well, and the exit after it adds none", async () => {
    const { spans, code } = await runWatched("lives", { args: ["shuts its provider down"] });
    expect({ code, account: accountOf(spans) }).toEqual({
      code: 4,
      account: interruptedBy("runtime", { operation: "TracerProvider.shutdown" }),
    });
  });
});

describe("the exit is what it would have been without us (rule 20)", () => {
  test.each([
    "emits SIGTERM by hand",
    "exits by hand while it is flushed",
    "listens late",
    "listens to beforeExit",
    "has more to do at beforeExit",
    "removes all listeners",
    "removes all listeners of the signal",
    "is unwatched",
  ])("of a program that %s", async (name) => {
    const { plain, ending } = await life(name);
    expect(ending).toEqual(plain);
  });

  test("where nothing is in flight nothing is told, and nobody waits", async () => {
    const endings = await Promise.all(
      ["exits", "ends", "listens to beforeExit"].map((name) => life(name, { RUN_ID: undefined })),
    );
    for (const { plain, ending, spans } of endings) {
      expect({ ending, spans }).toEqual({ ending: plain, spans: [] });
    }
  });
});

describe("beforeExit ends what nobody can go on with (rule 19)", () => {
  test("not where the application has more to do", async () => {
    const { spans } = await life("has more to do at beforeExit");
    expect(verdictsOf(spans)).toEqual({ "agent run": "completed" });
  });

  test.each(["listens to beforeExit", "ends"])("of a program that %s", async (name) => {
    const { spans } = await life(name);
    expect(accountOf(spans)).toEqual(interruptedBy("runtime", { operation: "beforeExit" }));
  });
});
