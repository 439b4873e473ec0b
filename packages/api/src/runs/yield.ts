import { isHost } from "../actions/cover.ts";
import { coversOf } from "../closes/standing.ts";
import { observeEnd } from "../lifecycle-observer.ts";
import { registry } from "../registry.ts";
import { journalled } from "../run-journal.ts";
import { leave } from "../scopes/in-flight.ts";
import { stamp } from "../stamp.ts";
import { type Bequest, inheritedAttributes } from "./bequest.ts";
import type { ManagedRun } from "./managed-run.ts";

/**
 * Takes an automatic run out of the registry and the counts, because the application has begun a
 * run below it and one piece of work counts once. What is left of it is a span, which inherits
 * the earliest close below it.
 */
export const yieldPlace = (root: ManagedRun): void => {
  if (root.hasYielded || root.close !== undefined) return;
  // Also those that only record, or whose slices have not come to it: its cell has no copy of them.
  const covers = coversOf(root);
  root.hasYielded = true;
  leave(root);
  observeEnd(root);
  journalled((journal) => journal.runYielded(root));
  registry.yielded.add(root);
  for (const cover of covers) if (!isHost(root, cover.action)) cover.owner?.countOut();
};

/** Leaves the close of a run to the automatic one that yielded to it: the earliest stays. */
export const bequeathToRoot = ({ root, close, bequest }: ManagedRun): void => {
  if (root === undefined || close?.type === "completed") return;
  root.bequest = earliest(root.bequest, bequest);
};

/** Stamps the span of one that yielded, which ends now, with what was left to it. */
export const endYielded = (root: ManagedRun): void => {
  if (!registry.yielded.delete(root)) return;
  root.close = { type: "completed" };
  if (root.bequest !== undefined) stamp(root.span, inheritedAttributes(root.bequest));
};

const earliest = (known: Bequest | undefined, next: Bequest | undefined): Bequest | undefined => {
  if (known === undefined || next === undefined) return known ?? next;
  return next.seq < known.seq ? next : known;
};
