import { inspect } from "node:util";
import { createScope, startRun, userCancel, withAction } from "@otel-lifecycle/api";
import { describe, expect, test } from "vitest";
import { registerHarvest } from "../support/harvest.ts";
import { verdictOf } from "../support/plain-close.ts";

registerHarvest();

describe("rule 7: the reason is an Error of its own for each run, and bland", () => {
  const scope = createScope({ kind: "instance", key: "/srv/secret" });
  const runs = ["one", "two"].map((name) => startRun({ name, scope }));
  const [first, second] = runs.map((run) => run.signal);
  withAction(
    { kind: "dispose", scope, trigger: "http", operation: "POST /global/dispose" },
    () => undefined,
  );
  const reason = first?.reason;
  for (const run of runs) run.end();

  test("each run gets its own, because frameworks mutate errors", () => {
    expect(reason).not.toBe(second?.reason);
  });

  test("it is an Error with the name and the code of an abort", () => {
    expect(reason).toBeInstanceOf(Error);
    expect([reason.name, reason.code]).toEqual(["AbortError", "ABORT_ERR"]);
  });

  test("as text it says no more than any abort", () => {
    expect(String(reason)).toBe("AbortError: The operation was aborted");
    expect(`${reason}`).toBe("AbortError: The operation was aborted");
    expect(reason.stack.split("\n")[0]).toBe("AbortError: The operation was aborted");
  });

  test("as JSON it says nothing", () => {
    expect(JSON.stringify(reason)).toBe("{}");
    expect(JSON.stringify({ ...reason })).toBe("{}");
    expect(JSON.stringify(Object.assign({}, reason))).toBe("{}");
  });

  test("nothing of it can be enumerated", () => {
    const found = [];
    for (const name in reason) found.push(name);
    expect(found).toEqual([]);
    expect(Object.keys(reason)).toEqual([]);
  });

  test("inspected, without its stack, it names neither the action nor its kind", () => {
    const copy = inspect(reason).replaceAll(/\n\s+at .*/g, "");
    expect(copy).not.toMatch(/dispose|secret|lifecycle|instance/);
  });

  test("a structured clone, as sent to a worker, is an error like any other", () => {
    const run = startRun({ name: "worker" });
    run.fail(structuredClone(reason));
    expect(verdictOf(run)).toBe("error high");
  });

  test("a framework that writes on it takes nothing away", () => {
    const run = startRun({ name: "agent run", scope });
    const { signal } = run;
    withAction({ kind: "dispose", scope }, () => undefined);
    Object.assign(signal.reason, { name: "Wrapped", message: "changed", code: "E_FRAMEWORK" });
    run.fail(signal.reason);
    expect(verdictOf(run)).toBe("lifecycle_action dispose high");
  });
});

describe("rule 13: what copies a reason is no proof", () => {
  const SAID = Symbol.for("@otel-lifecycle/api.reason.v1");
  const copies: readonly [string, (reason: object) => object, string][] = [
    [
      "an object with it as its prototype",
      (reason) => Object.create(reason),
      "unknown_scope_close low",
    ],
    ["a proxy of it", (reason) => new Proxy(reason, {}), "unknown_scope_close low"],
    [
      "a proxy that answers as it does",
      (reason) => new Proxy(reason, { get: (target, name) => Reflect.get(target, name) }),
      "unknown_scope_close low",
    ],
    [
      "an error that was given what it says",
      (reason) => Object.assign(new Error("no"), { [SAID]: Reflect.get(reason, SAID) }),
      "error high",
    ],
  ];
  const close = (error: unknown): string => {
    const run = startRun({ name: "agent run" });
    run.fail(error);
    return verdictOf(run);
  };
  const lifecycleReason = (): object => {
    const run = startRun({ name: "owner", scope: createScope({ kind: "instance" }) });
    const { signal } = run;
    withAction({ kind: "dispose", scope: run.scope }, () => undefined);
    run.end();
    return signal.reason;
  };

  test("the reason itself is one", () => {
    expect([close(lifecycleReason()), close(userCancel())]).toEqual([
      "lifecycle_action dispose medium",
      "user_cancel high",
    ]);
    expect(Reflect.get(lifecycleReason(), SAID)).toBeDefined();
  });

  test.each(copies)("%s", (_what, copy, verdict) => {
    expect([close(copy(lifecycleReason())), close(copy(userCancel()))]).toEqual([verdict, verdict]);
  });
});

describe("rule 7: a user's cancel is as bland", () => {
  test("it reads like any abort", () => {
    const reason = userCancel();
    expect([String(reason), JSON.stringify(reason)]).toEqual([
      "AbortError: The operation was aborted",
      "{}",
    ]);
  });

  test("each is of its own", () => {
    expect(userCancel()).not.toBe(userCancel());
  });
});
