import { observeInterrupt } from "../lifecycle-observer.ts";
import { now, registry } from "../registry.ts";
import type { ManagedRun } from "../runs/managed-run.ts";
import { runsIn } from "../scopes/in-flight.ts";
import { type Cover, isHost } from "./cover.ts";
import type { ManagedAction } from "./managed-action.ts";
import { coveredFrom } from "./tally.ts";
import { inTurns, type Turns } from "./turns.ts";

/** True of a run in flight that an action has asked, and waits for. */
export const isWaitedFor = (run: ManagedRun, cover: Cover): boolean =>
  run.covers?.includes(cover) === true && !isHost(run, cover.action);

/**
 * Tells the observer of what an action leaves unsettled: all of it, in turns, because that may be
 * many more than there are interrupt spans.
 */
export const observeUnsettled = (action: ManagedAction): Turns => {
  const { cover, scope, tally } = action;
  if (registry.observer === undefined || !cover.asks || tally.pending === 0) return NO_TURNS;
  const to = now();
  // A run inside a run of another scope is met in both.
  const left = new Set<ManagedRun>();
  for (const run of runsIn(scope)) if (isWaitedFor(run, cover)) left.add(run);
  const turns = inTurns(left.values(), {
    step: (run) =>
      observeInterrupt({ action, run, from: coveredFrom(run, cover), to, result: "unsettled" }),
    done: NOTHING,
  });
  turns.begin();
  return turns;
};

const NOTHING = (): void => undefined;
const NO_TURNS: Turns = { begin: NOTHING, finish: NOTHING };
