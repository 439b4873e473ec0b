import {
  type Action,
  createScope,
  type Run,
  resultOf,
  type Scope,
  startAction,
  startRun,
} from "@otel-lifecycle/api";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { registerHarvest } from "../support/harvest.ts";
import { verdictOf } from "../support/plain-close.ts";

// Every ordered pair of causes, as the design has it and not as the code does: the first cause
// wins; the confidence is rule 12's.

type Cause =
  | "action"
  | "nested action"
  | "recording action"
  | "cancel"
  | "deadline"
  | "unknown abort"
  | "upstream disconnect"
  | "failure"
  | "completion";

/** A run on which causes fall, one after the other. */
interface World {
  readonly run: Run;
  readonly scope: Scope;
  readonly controller: AbortController;
  /** The actions under way, the newest last. */
  readonly actions: Action[];
  /** True once something asked the run to stop. */
  asked: boolean;
}

const DEADLINE_MS = 1_000;

const begin = (world: World, kind: string, scope: Scope, interrupt: "signal" | "record") => {
  const around = world.actions.at(-1);
  const act = () => startAction({ kind, scope, interrupt });
  world.actions.push(around === undefined ? act() : around.with(act));
};

const fall: Record<Cause, (world: World) => void> = {
  action: (world) => {
    begin(world, "dispose", world.scope, "signal");
    world.asked = true;
  },
  // In the code of the action before it, or of one that does not cover the run.
  "nested action": (world) => {
    if (world.actions.length === 0) {
      begin(world, "dispose_all", createScope({ kind: "instance" }), "signal");
    }
    begin(world, "reload", world.scope, "signal");
    world.asked = true;
  },
  "recording action": (world) => begin(world, "restart", world.scope, "record"),
  cancel: (world) => {
    world.run.cancel();
    world.asked = true;
  },
  deadline: (world) => {
    vi.advanceTimersByTime(DEADLINE_MS);
    world.asked = true;
  },
  "unknown abort": (world) => {
    // At the root, so that no action's context is the proof.
    world.controller.abort(new DOMException("stopped", "AbortError"));
    world.asked = true;
  },
  "upstream disconnect": ({ run }) =>
    run.fail(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" })),
  failure: ({ run }) => run.fail(new TypeError("no")),
  completion: ({ run }) => run.end(),
};

// A run that neither failed nor returned unwinds with what it heard, or with the bare abort of
// something further down if it heard nothing.
const unwind = ({ run, asked }: World) =>
  run.fail(asked ? run.signal.reason : new DOMException("stopped", "AbortError"));

type Row = readonly [first: Cause, second: Cause, verdict: string, result: string];

// Once a run has ended nothing changes its close.
const ended = (first: Cause, verdict: string, result: string): readonly Row[] =>
  ALL.map((second) => [first, second, verdict, result] as const);

const ALL: readonly Cause[] = [
  "action",
  "nested action",
  "recording action",
  "cancel",
  "deadline",
  "unknown abort",
  "upstream disconnect",
  "failure",
  "completion",
];

const rows: readonly Row[] = [
  ["action", "action", "lifecycle_action dispose high", "interrupted"],
  ["action", "nested action", "lifecycle_action dispose high", "interrupted"],
  ["action", "recording action", "lifecycle_action dispose high", "interrupted"],
  ["action", "cancel", "lifecycle_action dispose high", "interrupted"],
  ["action", "deadline", "lifecycle_action dispose high", "interrupted"],
  ["action", "unknown abort", "lifecycle_action dispose high", "interrupted"],
  ["action", "upstream disconnect", "lifecycle_action dispose medium", "interrupted"],
  ["action", "failure", "lifecycle_action dispose medium", "interrupted"],
  ["action", "completion", "lifecycle_action dispose low", "interrupted"],

  ["nested action", "action", "lifecycle_action reload high", "interrupted"],
  ["nested action", "nested action", "lifecycle_action reload high", "interrupted"],
  ["nested action", "recording action", "lifecycle_action reload high", "interrupted"],
  ["nested action", "cancel", "lifecycle_action reload high", "interrupted"],
  ["nested action", "deadline", "lifecycle_action reload high", "interrupted"],
  ["nested action", "unknown abort", "lifecycle_action reload high", "interrupted"],
  ["nested action", "upstream disconnect", "lifecycle_action reload medium", "interrupted"],
  ["nested action", "failure", "lifecycle_action reload medium", "interrupted"],
  ["nested action", "completion", "lifecycle_action reload low", "interrupted"],

  // A recording action is an initiation like any other, so it wins over what asks later; what the
  // run then ends with is "another error while covered". It has not asked, so what returns was
  // never asked by it.
  ["recording action", "action", "lifecycle_action restart medium", "interrupted"],
  ["recording action", "nested action", "lifecycle_action restart medium", "interrupted"],
  ["recording action", "recording action", "lifecycle_action restart medium", "interrupted"],
  ["recording action", "cancel", "lifecycle_action restart medium", "interrupted"],
  ["recording action", "deadline", "lifecycle_action restart medium", "interrupted"],
  ["recording action", "unknown abort", "lifecycle_action restart medium", "interrupted"],
  ["recording action", "upstream disconnect", "lifecycle_action restart medium", "interrupted"],
  ["recording action", "failure", "lifecycle_action restart medium", "interrupted"],
  ["recording action", "completion", "completed", "completed"],

  ["cancel", "action", "user_cancel high", "interrupted"],
  ["cancel", "nested action", "user_cancel high", "interrupted"],
  ["cancel", "recording action", "user_cancel high", "interrupted"],
  ["cancel", "cancel", "user_cancel high", "interrupted"],
  ["cancel", "deadline", "user_cancel high", "interrupted"],
  ["cancel", "unknown abort", "user_cancel high", "interrupted"],
  // Open in the design: rule 12 says "while covered", which a cancelled run is not. `medium` is
  // taken for an error that is not the cancel's own, as it is of an action.
  ["cancel", "upstream disconnect", "user_cancel medium", "interrupted"],
  ["cancel", "failure", "user_cancel medium", "interrupted"],
  ["cancel", "completion", "user_cancel low", "interrupted"],

  ["deadline", "action", "timeout high", "failed"],
  ["deadline", "nested action", "timeout high", "failed"],
  ["deadline", "recording action", "timeout high", "failed"],
  ["deadline", "cancel", "timeout high", "failed"],
  ["deadline", "deadline", "timeout high", "failed"],
  ["deadline", "unknown abort", "timeout high", "failed"],
  // Open in the design, as above.
  ["deadline", "upstream disconnect", "timeout medium", "failed"],
  ["deadline", "failure", "timeout medium", "failed"],
  ["deadline", "completion", "timeout low", "failed"],

  // Nobody known aborted first: whoever asked later is evidence. Its confidence is open in the
  // design; there is nobody to be sure of, so `low` is taken throughout.
  ["unknown abort", "action", "unknown_scope_close low", "interrupted"],
  ["unknown abort", "nested action", "unknown_scope_close low", "interrupted"],
  ["unknown abort", "recording action", "unknown_scope_close low", "interrupted"],
  ["unknown abort", "cancel", "unknown_scope_close low", "interrupted"],
  ["unknown abort", "deadline", "unknown_scope_close low", "interrupted"],
  ["unknown abort", "unknown abort", "unknown_scope_close low", "interrupted"],
  ["unknown abort", "upstream disconnect", "unknown_scope_close low", "interrupted"],
  ["unknown abort", "failure", "unknown_scope_close low", "interrupted"],
  ["unknown abort", "completion", "unknown_scope_close low", "interrupted"],

  ...ended("upstream disconnect", "upstream_disconnect high", "failed"),
  ...ended("failure", "error high", "failed"),
  ...ended("completion", "completed", "completed"),
];

const harvest = registerHarvest();
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  harvest.reset();
});

describe("the first cause wins, for every ordered pair of causes", () => {
  test("there is a row for each pair", () => {
    expect(rows.map(([first, second]) => `${first}, ${second}`).sort()).toEqual(
      ALL.flatMap((first) => ALL.map((second) => `${first}, ${second}`)).sort(),
    );
  });

  test.each(rows)("%s, then %s: %s, %s", (first, second, verdict, result) => {
    const scope = createScope({ kind: "instance" });
    const controller = new AbortController();
    const run = startRun({
      name: "agent run",
      scope,
      signal: controller.signal,
      timeoutMs: DEADLINE_MS,
    });
    void run.signal;
    const world: World = { run, scope, controller, actions: [], asked: false };
    fall[first](world);
    vi.advanceTimersByTime(1);
    fall[second](world);
    vi.advanceTimersByTime(1);
    unwind(world);
    for (const action of world.actions) action.end();
    expect([verdictOf(run), run.close && resultOf(run.close)]).toEqual([verdict, result]);
    expect(harvest.span("agent run")).toMatchObject({
      status: result === "failed" ? "ERROR" : "UNSET",
      attributes: { "lifecycle.run.result": result },
    });
  });
});
