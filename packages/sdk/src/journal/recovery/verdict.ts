import type { CauseBody } from "../format/bodies.ts";
import type { OpenAction, OpenRun } from "./recorded-span.ts";

/** An action whose cover may have closed what was open when the process went. */
export type Cover = Pick<
  OpenAction,
  "q" | "at" | "id" | "sc" | "h" | "final" | "done" | "hasLapsed"
>;

/** What closed a run that was open when its process went. */
export type Verdict<C extends Cover> =
  | { readonly type: "cover"; readonly cover: C }
  | { readonly type: "cause"; readonly cause: CauseBody }
  | { readonly type: "process_lost" };

type Covered = Pick<OpenRun["r"], "q" | "sc" | "bi">;

/** The earliest of its own causes and the covers that hold for it; with none the process's end. */
export const verdictOn = <C extends Cover>(
  { r, causes }: { readonly r: Covered; readonly causes: readonly CauseBody[] },
  covers: readonly C[],
): Verdict<C> => {
  let first: Verdict<C> = { type: "process_lost" };
  let known: Initiation | undefined;
  for (const cause of causes) {
    if (isEarlier(cause, known)) [first, known] = [{ type: "cause", cause }, cause];
  }
  for (const cover of covers) {
    if (isEarlier(cover, known) && isCoveredBy(r, cover)) {
      [first, known] = [{ type: "cover", cover }, cover];
    }
  }
  return first;
};

type Initiation = Pick<CauseBody, "q" | "at">;

// As in a living process: a deadline counts from when it was due, although its timer fired late.
const isEarlier = (one: Initiation, known: Initiation | undefined): boolean => {
  if (known === undefined) return true;
  if (one.at === undefined || known.at === undefined || one.at === known.at) return one.q < known.q;
  return one.at < known.at;
};

/** Whether an action's cover holds for a run. */
export const isCoveredBy = (run: Covered, cover: Cover): boolean => {
  if (!run.sc.includes(cover.sc)) return false;
  if (run.bi?.includes(cover.id) === true || cover.h?.includes(run.q) === true) return false;
  if (cover.final) return true;
  // `done` is the last number that was taken by then, so it may be the run's own.
  return !cover.hasLapsed && run.q <= (cover.done ?? Number.POSITIVE_INFINITY);
};
