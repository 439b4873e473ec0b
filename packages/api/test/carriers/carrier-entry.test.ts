import { type ActionOptions, createScope, extract, withAction } from "@otel-lifecycle/api";
import { afterEach, describe, expect, test } from "vitest";
import { boundedBy } from "../support/bounded.ts";
import { registerHarvest } from "../support/harvest.ts";
import { CARRIER, cause, placeOf, REMOTE, SPAN, TRACEPARENT } from "../support/remote-carrier.ts";

const harvest = registerHarvest();
afterEach(() => harvest.reset());

const scope = createScope({ kind: "instance" });
const disposeWith = (options: Partial<ActionOptions>) =>
  withAction({ kind: "dispose", scope, ...options }, (action) => action);

describe("rule 38: an entry that does not fit is dropped and counted, and nothing throws", () => {
  const outcome = (value: unknown) => {
    const counted = boundedBy(() => disposeWith({ carrier: { "lifecycle.cause": value } }));
    return [placeOf(harvest).parent, counted];
  };
  const DROPPED = [undefined, { "carrier lifecycle.cause": 1 }];

  test.each([
    ["ids of 64 characters", cause({ id: "i".repeat(64), root: "r".repeat(64) }), "i".repeat(64)],
    ["a kind of another application's", cause({ kind: "restart_2" }), "remote-1"],
    ["the kind that stands for others", cause({ kind: "_other" }), "remote-1"],
    ["one value in an array", [cause()], "remote-1"],
  ])("%s is taken", (_what, value, id) => {
    expect(outcome(value)).toEqual([id, {}]);
  });

  test("a trigger that is not of the list is unknown, and counted", () => {
    expect(outcome(cause({ trigger: "cron" }))).toEqual(["remote-1", { "action trigger": 1 }]);
    expect(placeOf(harvest).trigger).toBe("unknown");
  });

  test.each<[string, unknown]>([
    ["an empty one", ""],
    ["an id of 65 characters", cause({ id: "i".repeat(65) })],
    ["a root of 65 characters", cause({ root: "r".repeat(65) })],
    ["an empty id", cause({ id: "" })],
    ["a capital in an id", cause({ id: "Remote" })],
    ["a path as an id", cause({ id: "/srv/project" })],
    ["a lone surrogate in an id", cause({ id: "\uD800" })],
    ["a kind of 33 characters", cause({ kind: "k".repeat(33) })],
    ["a kind that is a user's text", cause({ kind: "because I said so" })],
    ["a trigger that is a user's text", cause({ trigger: "because I said so" })],
    ["a field twice", `${cause()};id=remote-2`],
    ["a field before", `id=remote-2;${cause()}`],
    ["fields in another order", cause().split(";").reverse().join(";")],
    ["a field that is missing", cause().replace(/;kind=\w+/, "")],
    ["a field that nobody knows", `${cause()};verdict=lifecycle_action`],
    ["a line end", `${cause()}\n`],
    ["a header more", `${cause()}\r\nset-cookie: a=b`],
    ["two, as Node joins them", `${cause()}, ${cause()}`],
    ["two in an array", [cause(), cause()]],
    ["none in an array", []],
    ["an array in an array", [[cause()]]],
    ["10 MB", cause({ id: "i".repeat(10_000_000) })],
    ["a number", 3],
    ["an object that reads as one", { toString: () => cause() }],
    ["a String", new String(cause())],
    ["a function", () => cause()],
  ])("%s is dropped", (_what, value) => {
    expect(outcome(value)).toEqual(DROPPED);
  });

  const throws = () => {
    throw new Error("hands off");
  };
  const { proxy: revoked, revoke } = Proxy.revocable({}, {});
  revoke();
  test.each<[string, unknown, number]>([
    ["null", null, 1],
    ["a text", cause(), 1],
    ["a number", 3, 1],
    ["a function", () => CARRIER, 1],
    ["a revoked proxy", revoked, 2],
    ["a `get` that throws", { get: throws }, 2],
    ["a getter that throws", Object.defineProperty({}, "lifecycle.cause", { get: throws }), 1],
    ["an array that throws", { "lifecycle.cause": new Proxy([cause()], { get: throws }) }, 1],
  ])("%s as the carrier is counted", (_what, given, times) => {
    expect(boundedBy(() => disposeWith({ carrier: given }))).toEqual({ carrier: times });
    expect(placeOf(harvest)).toMatchObject({ parent: undefined, span: undefined });
  });

  test("what throws costs itself, and not the other entry", () => {
    const half = Object.defineProperty({ traceparent: TRACEPARENT }, "lifecycle.cause", {
      get: throws,
    });
    disposeWith({ carrier: half });
    expect(placeOf(harvest)).toMatchObject({ parent: undefined, span: SPAN });
  });

  test("what a carrier inherits is not read: it came with no message", () => {
    expect(boundedBy(() => disposeWith({ carrier: Object.create(CARRIER) }))).toEqual({});
    expect(placeOf(harvest)).toMatchObject({ parent: undefined, span: undefined });
    const polluted = JSON.parse(`{"__proto__":${JSON.stringify(CARRIER)}}`);
    disposeWith({ kind: "reload", carrier: polluted });
    expect(placeOf(harvest, "reload instance")).toMatchObject({
      parent: undefined,
      span: undefined,
    });
  });

  test("kinds that come in take no place among the application's own", () => {
    for (let index = 0; index < 40; index += 1) {
      extract({ "lifecycle.cause": cause({ kind: `theirs_${index}` }) });
    }
    expect(boundedBy(() => disposeWith({ kind: "ours" }))).toEqual({});
    expect(harvest.named("ours ")).toHaveLength(1);
  });
});

describe("carriers of every form", () => {
  test.each<[string, object]>([
    ["Headers", new Headers(CARRIER)],
    ["a Map", new Map(Object.entries(CARRIER))],
    ["an object without a prototype", Object.assign(Object.create(null), CARRIER)],
    [
      "a message that went over a channel",
      JSON.parse(JSON.stringify({ type: "dispose", ...CARRIER })),
    ],
    ["a structured clone", structuredClone(CARRIER)],
  ])("%s is read", (_what, given) => {
    disposeWith({ carrier: given });
    expect(placeOf(harvest)).toEqual(REMOTE);
  });
});
