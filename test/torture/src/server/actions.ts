import { type Action, startAction } from "@otel-lifecycle/api";
import type { ActionFacts } from "../truth/steps.ts";
import { anyOf, type Fleet, type OpenAction } from "./fleet.ts";
import { spanFacts } from "./span-facts.ts";

type Kind = readonly [kind: string, scope: "store" | "red" | "green" | "blue", asks: boolean];

const KINDS: readonly [Kind, ...Kind[]] = [
  ["dispose", "red", true],
  ["dispose", "green", true],
  ["dispose_all", "store", true],
  ["reload", "blue", false],
  ["reload", "red", false],
  ["rotate_keys", "store", false],
];

/** Begins an action of some kind: by itself, in a run's code, or in another action's. */
export const beginSomeAction = (fleet: Fleet): void => {
  const { random } = fleet;
  const around = random.chance(0.3) ? anyOf(fleet, fleet.actions) : undefined;
  const kind = random.pick(KINDS);
  if (around !== undefined) {
    const within = [around.k, ...around.within];
    // The runs in whose code the outer one was started are around the inner one too.
    beginAction(fleet, kind, { host: around.host, within }, around.action);
    return;
  }
  const host = random.chance(0.15) ? anyOf(fleet, fleet.runs) : undefined;
  beginAction(fleet, kind, { host: host?.k, within: host?.within ?? [] }, host?.run);
};

/** The action's code is done. */
export const finishAction = (fleet: Fleet, { k, action }: OpenAction): void => {
  fleet.actions.delete(k);
  fleet.tell(["D", k]);
  action.end();
  fleet.tell(["d", k]);
};

const beginAction = (
  fleet: Fleet,
  [kind, scope, asks]: Kind,
  place: Pick<ActionFacts, "host" | "within">,
  around: { with<T>(fn: () => T): T } | undefined,
): void => {
  const k = fleet.nextAction();
  fleet.tell(["A", k, { kind, scope, asks, ...place }]);
  const begin = (): Action =>
    startAction({
      kind,
      scope: fleet.scope(scope),
      interrupt: asks ? "signal" : "record",
      trigger: "config",
      operation: "torture",
    });
  const action = around === undefined ? begin() : around.with(begin);
  fleet.tell(["a", k, { ...spanFacts(action.span), id: action.id }]);
  fleet.actions.set(k, { k, action, scope, ...place });
  // Nothing is awaited here: what goes on meanwhile is the point.
  void action.settled.then(() => fleet.tell(["O", k]));
};
