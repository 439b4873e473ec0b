import { validateHeaderName, validateHeaderValue } from "node:http";
import {
  createScope,
  currentAction,
  inject,
  startAction,
  startRun,
  withAction,
} from "@otel-lifecycle/api";
import { afterEach, describe, expect, test } from "vitest";
import { boundedBy } from "../support/bounded.ts";
import { registerHarvest } from "../support/harvest.ts";

const harvest = registerHarvest();
afterEach(() => harvest.reset());

const scope = createScope({ kind: "instance" });
const dispose = { kind: "dispose", scope, trigger: "http" } as const;

describe("across processes an action travels by explicit carriers", () => {
  test("which name its span, itself, its root, its kind and its trigger", () => {
    withAction({ ...dispose, kind: "dispose_all" }, (outer) =>
      withAction({ ...dispose, trigger: "config" }, (inner) => {
        const { traceId, spanId } = inner.span.spanContext();
        expect(inject({})).toEqual({
          traceparent: `00-${traceId}-${spanId}-01`,
          "lifecycle.cause": `id=${inner.id};root=${outer.id};kind=dispose;trigger=config`,
        });
      }),
    );
  });

  test("in a form that a header takes, of at most 194 characters", () => {
    const entries = withAction({ ...dispose, kind: "k".repeat(32), trigger: "supervisor" }, () =>
      Object.entries(inject<Record<string, string>>({})),
    );
    for (const [name, value] of entries) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
      expect(value).toMatch(/^[!-~]{1,194}$/);
    }
  });

  test("beside what the carrier holds, and the carrier comes back", () => {
    const carrier: Record<string, unknown> = { type: "dispose" };
    withAction(dispose, () => expect(inject(carrier)).toBe(carrier));
    expect(Object.keys(carrier)).toEqual(["type", "traceparent", "lifecycle.cause"]);
  });

  test("from listeners of the runs that it asks to stop, too", () => {
    const run = startRun({ name: "agent run", scope });
    let carrier = {};
    run.signal.addEventListener("abort", () => {
      carrier = inject({});
    });
    const action = startAction(dispose);
    run.end();
    action.end();
    expect(carrier).toEqual(inject({}, action));
  });

  test("of an action that is given, in its code or not, and after its end", () => {
    const action = startAction(dispose);
    const within = action.with(() => inject({}));
    action.end();
    expect(inject({}, action)).toEqual(within);
    expect(Object.keys(within)).toEqual(["traceparent", "lifecycle.cause"]);
  });

  test("and not at all without one, after its code is done, or detached from it", () => {
    expect(inject({})).toEqual({});
    let later = () => ({});
    withAction(dispose, (action) => {
      expect(action.detach(() => inject({}))).toEqual({});
      later = () => action.with(() => inject({}));
    });
    expect(currentAction()).toBeUndefined();
    expect(later()).toEqual({});
    expect(boundedBy(() => inject(Object.freeze({})))).toEqual({});
  });
});

describe("rule 38: a carrier that takes no entries throws nothing, and is counted", () => {
  const throwing = (name: string) =>
    Object.defineProperty({}, name, {
      set: () => {
        throw new Error("hands off");
      },
    });
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();

  test.each<[string, unknown]>([
    ["undefined", undefined],
    ["null", null],
    ["a number", 3],
    ["a text", "headers"],
    ["a symbol", Symbol("headers")],
    ["a frozen object", Object.freeze({})],
    ["a setter that throws", throwing("traceparent")],
    ["another setter that throws", throwing("lifecycle.cause")],
    ["a getter without a setter", Object.defineProperty({}, "lifecycle.cause", { get: () => "" })],
    ["a revoked proxy", revoked],
  ])("%s", (_what, carrier) => {
    withAction(dispose, () => {
      const counted = boundedBy(() => {
        // @ts-expect-error: as from JavaScript.
        expect(inject(carrier)).toBe(carrier);
      });
      expect(counted).toEqual({ "carrier to inject into": 1 });
    });
  });

  test.each<[string, unknown]>([
    ["a text", "dispose"],
    ["an object that is none", {}],
    ["a revoked proxy", revoked],
  ])("%s as the action is counted, and nothing is written", (_what, action) => {
    const counted = boundedBy(() => {
      // @ts-expect-error: as from JavaScript.
      expect(inject({}, action)).toEqual({});
    });
    expect(counted).toEqual({ "action to inject": 1 });
  });
});
