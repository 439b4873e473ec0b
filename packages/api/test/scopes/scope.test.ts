import {
  createScope,
  directoryScope,
  LifecycleError,
  processScope,
  type ScopeOptions,
  startAction,
  startRun,
} from "@otel-lifecycle/api";
import { afterEach, describe, expect, test } from "vitest";
import { fork } from "../support/fork.ts";
import { registerHarvest } from "../support/harvest.ts";
import { verdictOf } from "../support/plain-close.ts";

const harvest = registerHarvest();
afterEach(() => harvest.reset());

/** The error that `fn` throws. */
const thrownBy = (fn: () => unknown): unknown => {
  try {
    fn();
  } catch (error) {
    return error;
  }
  return expect.unreachable("nothing was thrown");
};

describe("a scope is a node of a tree", () => {
  test("below the process, unless it names a parent", () => {
    const store = createScope({ kind: "instance_store" });
    const instance = createScope({ kind: "instance", parent: store });
    expect([store.parent, instance.parent]).toEqual([processScope(), store]);
    expect(processScope()).toMatchObject({ kind: "process", parent: undefined });
  });

  test("a run without a scope runs in the process", () => {
    const run = startRun({ name: "agent run" });
    expect(run.scope).toBe(processScope());
    run.end();
    expect(harvest.span("agent run").attributes).toMatchObject({
      "lifecycle.scope.kind": "process",
    });
  });

  test("its key does not leave the process as it is", () => {
    const scope = createScope({ kind: "instance", key: "/srv/secret", exportKey: true });
    startRun({ name: "agent run", scope }).end();
    startAction({ kind: "dispose", scope }).end();
    const exported = JSON.stringify(harvest.spans());
    expect(exported).not.toContain("secret");
    expect(harvest.span("agent run").attributes["lifecycle.scope.key"]).toMatch(/^[0-9a-f]{16}$/);
  });

  test("nor does it leave at all, unless it is asked to", () => {
    const scope = createScope({ kind: "instance", key: "customer-7" });
    startRun({ name: "agent run", scope }).end();
    expect(harvest.span("agent run").attributes).not.toHaveProperty("lifecycle.scope.key");
  });
});

describe("rule 10: a scope is interned by kind and key", () => {
  const store = createScope({ kind: "instance_store" });

  test("the same kind and key below the same parent is the same scope", () => {
    const scope = () => createScope({ kind: "instance", key: "a", parent: store });
    expect(scope()).toBe(scope());
  });

  test.each<[string, ScopeOptions]>([
    ["another key", { kind: "instance", key: "b", parent: store }],
    ["another kind", { kind: "directory", key: "a", parent: store }],
    ["another parent", { kind: "instance", key: "a" }],
    ["no key", { kind: "instance", parent: store }],
  ])("%s makes another scope", (_what, options) => {
    expect(createScope(options)).not.toBe(
      createScope({ kind: "instance", key: "a", parent: store }),
    );
  });

  test("keys that are made to look like another's are not", () => {
    const one = createScope({ kind: "instance", key: "a instance b", parent: store });
    const two = createScope({ kind: "instance", key: "a", parent: store });
    expect(one).not.toBe(createScope({ kind: "instance", key: "b", parent: two }));
  });

  test("without a key each call makes a scope of its own", () => {
    expect(createScope({ kind: "instance" })).not.toBe(createScope({ kind: "instance" }));
  });

  test("two stores never share an instance: a dispose in one stops nothing in the other", () => {
    const [first, second] = [1, 2].map(() => createScope({ kind: "instance_store" }));
    if (first === undefined || second === undefined) return;
    const runs = [first, second].map((parent) =>
      startRun({ name: "agent run", scope: createScope({ kind: "instance", key: "a", parent }) }),
    );
    const action = startAction({
      kind: "dispose",
      scope: createScope({ kind: "instance", key: "a", parent: first }),
    });
    expect(runs.map((run) => run.signal.aborted)).toEqual([true, false]);
    for (const run of runs) run.fail(run.signal.reason ?? new Error("of its own"));
    action.end();
    expect(runs.map(verdictOf)).toEqual(["lifecycle_action dispose high", "error high"]);
  });

  test("it is kept while a run is in flight in it or somebody holds it, and then let go", () => {
    expect(fork("scopes-let-go", { args: ["--expose-gc"] })).toEqual({
      status: 0,
      stderr: "",
      output: { whileInFlight: true, interned: 1, afterwards: 0 },
    });
  });
});

describe("rule 38: what is wrong with a scope's options is one clear error", () => {
  const wrong: readonly [string, unknown, string, string][] = [
    ["an unknown option", { kind: "instance", parnet: 1 }, "unknown_option", '"parnet"'],
    ["an empty kind", { kind: "" }, "invalid_scope_kind", '"" (0 characters)'],
    ["no kind", {}, "invalid_scope_kind", "undefined"],
    ["33 characters", { kind: "k".repeat(33) }, "invalid_scope_kind", "(33 characters)"],
    ["a kind of 10 kB", { kind: "k".repeat(10_000) }, "invalid_scope_kind", "(10000 characters)"],
    ["a kind that is no token", { kind: "In stance" }, "invalid_scope_kind", '"In stance"'],
    ["an empty key", { kind: "instance", key: "" }, "invalid_scope_key", '""'],
    ["a key that is no text", { kind: "instance", key: 7 }, "invalid_scope_key", "7"],
    ["a parent that is none", { kind: "instance", parent: {} }, "invalid_scope_parent", "object"],
    ["a parent that is null", { kind: "instance", parent: null }, "invalid_scope_parent", "null"],
    [
      "an exportKey that is no boolean",
      { kind: "instance", key: "a", exportKey: "yes" },
      "invalid_option",
      '"yes"',
    ],
    ["no options", undefined, "invalid_option", "undefined"],
    ["null", null, "invalid_option", "null"],
    ["a text", "instance", "invalid_option", '"instance"'],
  ];

  test.each(wrong)("%s", (_what, options, code, given) => {
    // @ts-expect-error: as from JavaScript.
    const error = thrownBy(() => createScope(options));
    expect(error).toBeInstanceOf(LifecycleError);
    expect(error).toMatchObject({ name: "LifecycleError", code });
    expect(String(error)).toContain("expected");
    expect(String(error)).toContain(given);
    expect(String(error).length).toBeLessThan(300);
  });

  test("a kind of 32 characters is accepted", () => {
    expect(createScope({ kind: "k".repeat(32) }).kind).toBe("k".repeat(32));
  });

  test("a scope that only looks like one is none", () => {
    const forged = new Proxy({}, { has: () => true });
    // @ts-expect-error: as from JavaScript.
    const error = thrownBy(() => createScope({ kind: "instance", parent: forged }));
    expect(error).toMatchObject({ code: "invalid_scope_parent" });
    // @ts-expect-error: as from JavaScript.
    expect(thrownBy(() => directoryScope(forged, "/srv"))).toMatchObject({
      code: "invalid_scope_parent",
    });
  });
});
