import type { ActionTruth, History, RunTruth } from "./history.ts";
import type { ScopeName } from "./steps.ts";

/** What may stand on a run that did not end. */
export type Cause =
  | { readonly type: "process_lost" }
  | { readonly type: "user_cancel" }
  /** Without an action, one of which nothing but the kind is known. */
  | { readonly type: "lifecycle_action"; readonly kind: string; readonly action?: ActionTruth };

/**
 * What is true of a run that was open when its process went: the earliest cause that stood. More
 * than one, where the side channel leaves it open which of them had happened.
 */
export const causesOf = (history: History, run: RunTruth): readonly Cause[] => {
  const claims = claimsOn(history, run).toSorted((a, b) => a.at - b.at);
  const first = claims.findIndex(({ isCertain }) => isCertain);
  if (first >= 0) return claims.slice(0, first + 1).map(({ cause }) => cause);
  return [...claims.map(({ cause }) => cause), { type: "process_lost" }];
};

interface Claim {
  readonly at: number;
  readonly cause: Cause;
  readonly isCertain: boolean;
}

const claimsOn = (history: History, run: RunTruth): readonly Claim[] => {
  const { shutdown } = history;
  const cause: Cause = { type: "lifecycle_action", kind: "shutdown" };
  return [
    ...cancelsOf(history, run),
    ...[...history.actions.values()].flatMap((action) => coverOf(history, run, action)),
    ...(shutdown === undefined ? [] : [{ ...shutdown, cause }]),
  ];
};

// A run follows what ends the run around it.
const cancelsOf = (history: History, run: RunTruth): readonly Claim[] =>
  lineageOf(history, run).flatMap(({ cancels }, depth) =>
    cancels.map(({ at, isCertain }) => ({
      at,
      cause: { type: "user_cancel" },
      // Between them one may have ended, and no more handed it on.
      isCertain: isCertain && depth < 2,
    })),
  );

const coverOf = (history: History, run: RunTruth, action: ActionTruth): readonly Claim[] => {
  const { facts, begunAt } = action;
  if (!PATHS[run.facts.scope].includes(facts.scope)) return [];
  if (run.facts.within.includes(action.k) || isHost(history, run, action)) return [];
  const held = heldBy(action);
  const taken = takenBy(history, run, action);
  if (held === "no" || taken === "no") return [];
  const cause: Cause = { type: "lifecycle_action", kind: facts.kind, action };
  return [{ at: begunAt, cause, isCertain: held === "yes" && taken === "yes" }];
};

type Answer = "yes" | "maybe" | "no";

/** Whether it still covers what it covered: what asks waits for its runs, what records for its code. */
const heldBy = ({ facts, span, doneAt, isDone }: ActionTruth): Answer => {
  if (span === undefined) return "maybe";
  if (facts.asks || doneAt === undefined) return "yes";
  return isDone === true ? "no" : "maybe";
};

/** Whether it covered the run: one that was there, or that began while its code went on. */
const takenBy = (history: History, run: RunTruth, action: ActionTruth): Answer => {
  if (run.begunAt < action.begunAt) return "yes";
  if (action.doneAt === undefined || run.begunAt < action.doneAt) return "yes";
  if (!action.facts.asks) return "no";
  // Below a run that was asked it follows that one, if that one had been asked by then.
  const above = lineageOf(history, run).slice(1);
  return above.some((one) => takenBy(history, one, action) !== "no") ? "maybe" : "no";
};

const isHost = (history: History, run: RunTruth, { facts }: ActionTruth): boolean => {
  const host = facts.host === undefined ? undefined : history.runs.get(facts.host);
  return host !== undefined && lineageOf(history, host).includes(run);
};

/** The run, and those around it, from the inside out. */
const lineageOf = (history: History, run: RunTruth): readonly RunTruth[] => {
  const { parent } = run.facts;
  const above = parent === undefined ? undefined : history.runs.get(parent);
  return above === undefined ? [run] : [run, ...lineageOf(history, above)];
};

const PATHS: Readonly<Record<ScopeName, readonly ScopeName[]>> = {
  process: ["process"],
  store: ["store", "process"],
  red: ["red", "store", "process"],
  green: ["green", "store", "process"],
  blue: ["blue", "store", "process"],
};
