import * as fc from "fast-check";

/** One step of an interleaving. Indices are taken modulo what there is; a step without one is skipped. */
export type Command =
  | {
      readonly type: "begin run";
      readonly scope: number;
      readonly place: Place;
      readonly readsSignal: boolean;
      readonly deadlineMs: number | undefined;
    }
  | {
      readonly type: "start action";
      readonly scope: number;
      readonly interrupt: "signal" | "record";
      readonly place: Extract<Place, { in: "root" | "action" }>;
    }
  | { readonly type: "end action"; readonly action: number }
  | { readonly type: "read signal" | "cancel" | "abort" | "complete"; readonly run: number }
  | { readonly type: "end run"; readonly run: number; readonly ending: Ending }
  | { readonly type: "advance"; readonly ms: number };

/** Where something begins: at the root, inside a run, or in the code of an action. */
export type Place =
  | { readonly in: "root" }
  | { readonly in: "run"; readonly run: number }
  | { readonly in: "action"; readonly action: number };

/**
 * How a run's code ends: it returns, or throws an error of its own, a lost connection, a timeout,
 * an abort that names nobody, or the reason of its signal.
 */
export type Ending = "return" | "own" | "reset" | "late" | "bare abort" | "reason";

/** The tree of scopes: each one's parent. 0 is the store, 1 and 2 are instances, 3 is a directory of 1. */
export const SCOPE_PARENTS: readonly (number | undefined)[] = [undefined, 0, 0, 1];

/** Of every action. */
export const SETTLE_TIMEOUT_MS = 100;

const index = fc.nat({ max: 7 });
const root = fc.constant({ in: "root" } as const);
const inRun = fc.record({ in: fc.constant("run" as const), run: index });
const inAction = fc.record({ in: fc.constant("action" as const), action: index });
const scope = fc.nat({ max: SCOPE_PARENTS.length - 1 });

const beginRun = fc.record({
  type: fc.constant("begin run" as const),
  scope,
  place: fc.oneof(root, root, inRun, inAction),
  readsSignal: fc.boolean(),
  deadlineMs: fc.option(fc.integer({ min: 1, max: 150 }), { nil: undefined }),
});
const startAction = fc.record({
  type: fc.constant("start action" as const),
  scope,
  interrupt: fc.constantFrom("signal" as const, "signal" as const, "record" as const),
  place: fc.oneof(root, inAction),
});
const endAction = fc.record({ type: fc.constant("end action" as const), action: index });
const stir = fc.record({
  type: fc.constantFrom(
    "read signal" as const,
    "cancel" as const,
    "abort" as const,
    "complete" as const,
  ),
  run: index,
});
const endRun = fc.record({
  type: fc.constant("end run" as const),
  run: index,
  ending: fc.constantFrom<Ending>("return", "own", "reset", "late", "bare abort", "reason"),
});
const advance = fc.record({
  type: fc.constant("advance" as const),
  ms: fc.integer({ min: 1, max: 120 }),
});

export const interleaving: fc.Arbitrary<readonly Command[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: beginRun },
    { weight: 3, arbitrary: startAction },
    { weight: 2, arbitrary: endAction },
    { weight: 3, arbitrary: stir },
    { weight: 4, arbitrary: endRun },
    { weight: 2, arbitrary: advance },
  ),
  { maxLength: 40, size: "max" },
);
