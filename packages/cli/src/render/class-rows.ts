import type { CloseClass } from "@otel-lifecycle/api";
import { groupedBy } from "../account/grouped.ts";
import type { ClosedRun } from "../account/run-account.ts";
import { cutRows } from "./cut-rows.ts";
import type { Cell, Row } from "./row.ts";
import { endingCell, incidentRows, LONGEST_NAME, runCell } from "./run-row.ts";
import { screenText } from "./screen-text.ts";
import type { Said } from "./service-text.ts";

// People first, then what happens to a run, then what a run does itself, then what is not known.
const ORDER: readonly CloseClass[] = [
  "lifecycle_action",
  "user_cancel",
  "client_disconnect",
  "timeout",
  "upstream_disconnect",
  "error",
  "process_lost",
];

/** The runs that no action closed, by class; what nobody is known to have closed comes last. */
export function classRows(
  runs: readonly ClosedRun[],
  { longest, said }: { readonly longest: number; readonly said: Said },
): readonly Row[] {
  const groups = groupedBy(runs, (run) => run.close.class ?? "unknown_scope_close");
  const others = [...groups.keys()]
    .filter((name) => !isOrdered(name) && name !== "unknown_scope_close")
    .sort();
  return [...ORDER, ...others, "unknown_scope_close"].flatMap((name) => {
    const label = labelOf(name);
    return cutRows(groups.get(name) ?? [], longest, (run) => ({
      cells: [label, runCell(run, said), endingCell(run)],
      below: incidentRows(run),
    }));
  });
}

function labelOf(name: string): Cell {
  if (name === "unknown_scope_close") return { text: "nobody known", style: "warning" };
  // The class needs an action's id on the span; without one there is nothing to put it under.
  if (name === "lifecycle_action") return { text: "an action that is not named", style: "warning" };
  return { text: screenText(name, LONGEST_NAME), style: "title" };
}

function isOrdered(name: string): boolean {
  return ORDER.some((ordered) => ordered === name);
}
