import type { Ending } from "../truth/steps.ts";
import { beginSomeAction, finishAction } from "./actions.ts";
import { anyOf, type Fleet } from "./fleet.ts";
import { beginRoot, beginRun, cancelRun, endRoot, endRun, type RunPlace } from "./runs.ts";
import type { LoadSettings } from "./settings.ts";

/** Begins the load; the given function ends it. */
export const beginLoad = (fleet: Fleet, settings: LoadSettings): (() => void) => {
  for (let index = 0; index < settings.standing; index += 1) standingRun(fleet, settings);
  const timer = setInterval(() => {
    for (let step = 0; step < settings.steps; step += 1) takeStep(fleet, settings);
  }, settings.everyMs);
  return () => clearInterval(timer);
};

const takeStep = (fleet: Fleet, settings: LoadSettings): void => {
  const { random } = fleet;
  if (random.chance(settings.actions)) {
    actionStep(fleet);
    return;
  }
  const open = fleet.runs.size + fleet.roots.size;
  if (random.chance(open > settings.standing + MOST_OPEN ? 0.3 : 0.52)) begin(fleet, settings);
  else endSome(fleet, settings);
};

/** What stays open beside the standing runs, about. */
const MOST_OPEN = 60;

const actionStep = (fleet: Fleet): void => {
  const open = anyOf(fleet, fleet.actions);
  if (open !== undefined && (fleet.actions.size > 2 || fleet.random.chance(0.5))) {
    finishAction(fleet, open);
  } else beginSomeAction(fleet);
};

const standingRun = (fleet: Fleet, { pad }: LoadSettings): void => {
  const { random } = fleet;
  beginRun(fleet, { scope: random.pick(SCOPES), pad: random.between(0, pad) });
};

const begin = (fleet: Fleet, settings: LoadSettings): void => {
  const { random } = fleet;
  const pad = random.chance(0.6) ? random.between(0, settings.pad) : 0;
  const place: RunPlace = { scope: random.pick(SCOPES), pad, isPrompt: random.chance(0.3) };
  const way = random.next();
  if (way < 0.12) beginRoot(fleet, pad);
  else if (way < 0.3) beginBelowRun(fleet, place);
  else if (way < 0.34) beginRun(fleet, { ...place, root: anyOf(fleet, fleet.roots) });
  else if (way < 0.42) beginInAction(fleet, place);
  else beginRun(fleet, place);
};

// Below a run its scope is the same: what covers one covers both.
const beginBelowRun = (fleet: Fleet, place: RunPlace): void => {
  const parent = anyOf(fleet, fleet.runs);
  beginRun(fleet, { ...place, scope: parent?.scope ?? place.scope, parent });
};

const beginInAction = (fleet: Fleet, place: RunPlace): void => {
  const open = anyOf(fleet, fleet.actions);
  // In the code of one that was started in a run it would be below that run as well.
  if (open === undefined || open.host !== undefined) beginRun(fleet, place);
  else {
    const within = [open.k, ...open.within];
    open.action.with(() => beginRun(fleet, { ...place, within }));
  }
};

const endSome = (fleet: Fleet, { standing }: LoadSettings): void => {
  const { random } = fleet;
  const root = random.chance(0.15) ? anyOf(fleet, fleet.roots) : undefined;
  if (root !== undefined) {
    endRoot(fleet, root);
    return;
  }
  const open = anyOf(fleet, fleet.runs);
  if (open === undefined || open.k <= standing) return;
  if (random.chance(0.12)) cancelRun(fleet, open);
  else endRun(fleet, open, random.pick(ENDINGS));
};

const SCOPES = ["store", "red", "green", "blue"] as const;
const ENDINGS = [
  "returned",
  "returned",
  "returned",
  "threw",
  "aborted",
  "completed",
] as const satisfies readonly Ending[];
