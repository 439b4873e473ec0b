import {
  type ActionOptions,
  createScope,
  lifecycleSnapshot,
  type RunOptions,
  startAction,
  startRun,
} from "@otel-lifecycle/api";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { registerHarvest } from "./support/harvest.ts";

const harvest = registerHarvest();
let before: Readonly<Record<string, number>> = {};
beforeEach(() => {
  before = lifecycleSnapshot().bounded;
});
afterEach(() => harvest.reset());

/** What was bounded or dropped since the test began. */
const bounded = () => {
  const now = Object.entries(lifecycleSnapshot().bounded);
  return Object.fromEntries(
    now.map(([what, count]) => [what, count - (before[what] ?? 0)]).filter(([, count]) => count),
  );
};
const TEN_KB = 10_000;
const scope = createScope({ kind: "instance" });

/** The span of a run with these options, though the types forbid them. */
const runSpan = (options: { [name in keyof RunOptions]?: unknown }) => {
  startRun({ name: "agent run", ...options } as RunOptions).end();
  const [span] = harvest.spans();
  harvest.reset();
  if (span === undefined) throw new Error("no span was exported");
  return span;
};
const actionSpan = (options: { [name in keyof ActionOptions]?: unknown }) => {
  startAction({ kind: "dispose", scope, ...options } as ActionOptions).end();
  const [span] = harvest.spans();
  harvest.reset();
  if (span === undefined) throw new Error("no span was exported");
  return span;
};

describe("rule 38: a run's name is at most 128 characters, and well-formed", () => {
  test("128 are accepted", () => {
    expect(runSpan({ name: "n".repeat(128) }).name).toBe("n".repeat(128));
    expect(bounded()).toEqual({});
  });

  test.each([129, TEN_KB])("%d are cut and counted", (length) => {
    expect(runSpan({ name: "n".repeat(length) }).name).toBe("n".repeat(128));
    expect(bounded()).toEqual({ "span name": 1 });
  });

  test("a lone surrogate is replaced and counted", () => {
    expect(runSpan({ name: "agent \uD83D run" }).name).toBe("agent \uFFFD run");
    expect(bounded()).toEqual({ "span name": 1 });
  });

  test("a pair of surrogates is accepted", () => {
    expect(runSpan({ name: "agent 🤖 run" }).name).toBe("agent 🤖 run");
    expect(bounded()).toEqual({});
  });

  test("a cut that would halve a pair leaves no half", () => {
    expect(runSpan({ name: `${"n".repeat(127)}🤖` }).name).toBe(`${"n".repeat(127)}\uFFFD`);
  });

  test.each([
    ["nothing", undefined],
    ["an empty text", ""],
    ["a number", 3],
    ["an object", {}],
  ])('%s is "run", and counted', (_what, name) => {
    expect(runSpan({ name }).name).toBe("run");
    expect(bounded()).toEqual({ "span name": 1 });
  });
});

describe("rule 38: a run's id is 1 to 64 of A-Z a-z 0-9 _ . : -", () => {
  test.each(["r", "r1:A_b.c-9", "r".repeat(64)])("%s is accepted", (id) => {
    expect(runSpan({ id }).attributes["lifecycle.run.id"]).toBe(id);
    expect(bounded()).toEqual({});
  });

  test.each<[string, unknown]>([
    ["an empty one", ""],
    ["65 characters", "r".repeat(65)],
    ["10 kB", "r".repeat(TEN_KB)],
    ["a path", "/srv/project"],
    ["a space", "r 1"],
    ["a line end", "r1\n"],
    ["a lone surrogate", "r\uD800"],
    ["a number", 7],
    ["null", null],
  ])("%s is dropped and counted", (_what, id) => {
    expect(runSpan({ id }).attributes).not.toHaveProperty("lifecycle.run.id");
    expect(bounded()).toEqual({ "run id": 1 });
  });
});

describe("rule 38: a run's other options", () => {
  test.each<[string, unknown]>([
    ["signal", new EventTarget()],
    ["signal", null],
    ["scope", "instance"],
    ["scope", null],
    ["timeoutMs", "5"],
    ["timeoutMs", Number.NaN],
    ["timeoutMs", 0],
    ["timeoutMs", -1],
    ["timeoutMs", 2 ** 31],
    ["timeoutResult", "lost"],
    ["span", 3],
  ])("a %s that does not fit is bounded or dropped, and counted", (name, value) => {
    runSpan({ [name]: value });
    expect(bounded()).toEqual({ [`run ${name}`]: 1 });
  });

  test.each([1, 0.5 + 1, 2 ** 31 - 1])("a timeoutMs of %d is accepted", (timeoutMs) => {
    runSpan({ timeoutMs });
    expect(bounded()).toEqual({});
  });

  test("an unknown option is counted, one by one", () => {
    runSpan(JSON.parse('{ "nmae": "agent run", "timeout": 5 }'));
    expect(bounded()).toEqual({ "run option": 2 });
  });

  test("an option named like a property of every object is unknown too", () => {
    runSpan(JSON.parse('{ "__proto__": { "name": "forged" }, "constructor": 3 }'));
    expect(bounded()["run option"]).toBeGreaterThan(0);
  });

  const throws = (): never => {
    throw new Error("hands off");
  };
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();

  test.each<[string, unknown]>([
    ["undefined", undefined],
    ["null", null],
    ["a text", "agent run"],
    ["a revoked proxy", revoked],
    ["a proxy whose traps throw", new Proxy({}, { get: throws, ownKeys: throws })],
    [
      "a getter that throws",
      {
        get name() {
          return throws();
        },
      },
    ],
    ["a scope that claims to be one", { name: "run", scope: new Proxy({}, { has: () => true }) }],
    ["a scope whose traps throw", { name: "run", scope: new Proxy({}, { has: throws }) }],
    [
      "span options that throw",
      {
        name: "run",
        spanOptions: {
          get attributes() {
            return throws();
          },
        },
      },
    ],
    [
      "attributes that throw",
      {
        name: "run",
        spanOptions: {
          attributes: {
            get a() {
              return throws();
            },
          },
        },
      },
    ],
    ["span options that are revoked", { name: "run", spanOptions: revoked }],
    ["span options that are none", { name: "run", spanOptions: 3 }],
    ["links that are none", { name: "run", spanOptions: { links: 3 } }],
    ["a start time that is none", { name: "run", spanOptions: { startTime: {} } }],
  ])("%s as options throws nothing, leaves nothing in flight, and is counted", (_what, options) => {
    const { runs } = lifecycleSnapshot();
    // @ts-expect-error: as from JavaScript.
    const run = startRun(options);
    expect(run.signal.aborted).toBe(false);
    run.end();
    expect(lifecycleSnapshot().runs).toBe(runs);
    expect(run.close).toEqual({ type: "completed" });
  });
});

describe("rule 38: an action's kind is a token of at most 32 characters, and of 32 of one's own", () => {
  test.each(["k", "restart_2", "k".repeat(32)])("%s is accepted", (kind) => {
    const { name, attributes } = actionSpan({ kind });
    expect([name, attributes["lifecycle.action.kind"]]).toEqual([`${kind} instance`, kind]);
    expect(bounded()).toEqual({});
  });

  test.each<[string, unknown]>([
    ["an empty one", ""],
    ["33 characters", "k".repeat(33)],
    ["10 kB", "k".repeat(TEN_KB)],
    ["a capital", "Dispose"],
    ["a digit first", "2nd"],
    ["a path", "/srv/project"],
    ["a line end", "dispose\n"],
    ["a lone surrogate", "dispose\uD800"],
    ["a number", 3],
    ["null", null],
    ["nothing", undefined],
    ["an object that reads as one", { toString: () => "dispose" }],
  ])("%s is _other, and counted", (_what, kind) => {
    expect(actionSpan({ kind }).name).toBe("_other instance");
    expect(bounded()).toEqual({ "action kind": 1 });
  });

  test("the 32nd kind of one's own is accepted, the 33rd is _other, and known ones stay", () => {
    // Three are taken by the test above.
    const own = Array.from({ length: 29 }, (_, index) => `own_${index}`);
    expect(own.map((kind) => actionSpan({ kind }).name)).toEqual(
      own.map((kind) => `${kind} instance`),
    );
    expect(bounded()).toEqual({});
    expect(actionSpan({ kind: "one_too_many" }).name).toBe("_other instance");
    expect(bounded()).toEqual({ "action kinds": 1 });
    const known = ["own_0", "reload", "dispose", "dispose_directory", "dispose_all", "shutdown"];
    expect(known.map((kind) => actionSpan({ kind }).name)).toEqual(
      known.map((kind) => `${kind} instance`),
    );
  });
});

describe("rule 38: an action's operation is a template of at most 100 characters", () => {
  const route = (length: number) => `POST /${"r".repeat(length - 6)}`;
  const operationOf = (operation: unknown) =>
    actionSpan({ operation }).attributes["lifecycle.action.operation"];

  test.each(["POST /global/dispose", "DELETE /sessions/{id}", "Config.update", route(100)])(
    "%s is accepted",
    (operation) => {
      expect(operationOf(operation)).toBe(operation);
      expect(bounded()).toEqual({});
    },
  );

  test.each([101, TEN_KB])("of %d characters it is cut and counted", (length) => {
    expect(operationOf(route(length))).toBe(route(100));
    expect(bounded()).toEqual({ "action operation length": 1 });
  });

  test.each<[string, unknown]>([
    ["an empty one", ""],
    ["a path", "/srv/project"],
    ["a path of another system", "C:\\projects\\secret"],
    ["a method that is none", "DISPOSE /global"],
    ["a query", "POST /dispose?directory=/srv/project"],
    ["an encoded path", "POST /dispose/%2Fsrv%2Fproject"],
    ["a whole URL", "POST http://localhost/dispose"],
    ["a user's text", "because I said so"],
    ["a line end", "Config.update\n"],
    ["a lone surrogate", "Config.\uD800"],
    ["a number", 3],
  ])("%s is dropped and counted", (_what, operation) => {
    expect(operationOf(operation)).toBeUndefined();
    expect(bounded()).toEqual({ "action operation": 1 });
  });
});

describe("rule 38: an action's trigger, initiator and signal are of a list", () => {
  test.each(["http", "signal", "cli", "config", "watch", "supervisor", "runtime", "unknown"])(
    "the trigger %s is accepted",
    (trigger) => {
      expect(actionSpan({ trigger }).attributes["lifecycle.action.trigger"]).toBe(trigger);
      expect(bounded()).toEqual({});
    },
  );

  test("any other trigger is unknown, and counted", () => {
    expect(actionSpan({ trigger: "cron" }).attributes["lifecycle.action.trigger"]).toBe("unknown");
    expect(bounded()).toEqual({ "action trigger": 1 });
  });

  test.each(["user", "deployment", "supervisor", "developer", "application"])(
    "the initiator %s is accepted",
    (initiator) => {
      expect(actionSpan({ initiator }).attributes["lifecycle.initiator.type"]).toBe(initiator);
    },
  );

  test("any other initiator is dropped and counted", () => {
    expect(actionSpan({ initiator: "alice" }).attributes).not.toHaveProperty(
      "lifecycle.initiator.type",
    );
    expect(bounded()).toEqual({ "action initiator": 1 });
  });

  test.each(["SIGTERM", "SIGUSR2", "SIGINT"])("the signal %s is accepted", (signal) => {
    expect(actionSpan({ signal }).attributes["lifecycle.action.signal"]).toBe(signal);
  });

  test.each(["TERM", "sigterm", "SIG", "SIGTERM ", `SIG${"A".repeat(13)}`, 15])(
    "the signal %j is dropped and counted",
    (signal) => {
      expect(actionSpan({ signal }).attributes).not.toHaveProperty("lifecycle.action.signal");
      expect(bounded()).toEqual({ "action signal": 1 });
    },
  );
});
