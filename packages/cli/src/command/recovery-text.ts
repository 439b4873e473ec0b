import type { LeftReason, RecoveryResult } from "@otel-lifecycle/sdk/journal";

/** What is there and could not be recovered now; the others are left alone because they should be. */
const UNDONE: readonly LeftReason[] = ["failed", "newer_version"];

const WORDS: Readonly<Record<LeftReason, string>> = {
  alive: "alive",
  other_host: "of another host",
  other_owner: "of another user",
  newer_version: "of a newer version",
  not_a_journal: "no journal",
  other_pid: "of another process",
  failed: "not to be read",
};

/** Whether all that the dead have left is exported. */
export function isAllDone({ isComplete, left }: RecoveryResult): boolean {
  return isComplete && UNDONE.every((reason) => left[reason] === 0);
}

/** The outcome in one line. Of journals that were not come to, nobody knows how many spans they hold. */
export function recoveryText(result: RecoveryResult): string {
  const { journals, lost, refused, damaged, exported, spans, left, isComplete } = result;
  const others = exported - lost;
  const found = [
    counted(lost, "run lost", "runs lost"),
    counted(others, "other span", "other spans"),
    counted(damaged, "line damaged", "lines damaged"),
  ].join(", ");
  const alone = Object.entries(WORDS)
    .map(([reason, words]) => ({ count: left[reason as LeftReason], words }))
    .filter(({ count }) => count > 0)
    .map(({ count, words }) => `${count} ${words}`);
  const unsent = spans - exported - refused;
  return `${[
    journals === 0
      ? "no journal of a dead process is here"
      : `${isComplete ? "recovered" : "took over"} ${counted(journals, "journal", "journals")}: ${found}`,
    ...(refused > 0
      ? [`given up, because the endpoint refuses them: ${counted(refused, "span", "spans")}`]
      : []),
    ...(unsent > 0 ? [`not exported: at least ${counted(unsent, "span", "spans")}`] : []),
    ...(alone.length > 0 ? [`left alone: ${alone.join(", ")}`] : []),
  ].join("; ")}\n`;
}

/** The outcome as one JSON document. */
export function recoveryJson(result: RecoveryResult): string {
  const { journals, spans, exported, lost, refused, damaged, left } = result;
  const isDone = isAllDone(result);
  return `${JSON.stringify({ journals, spans, exported, lost, refused, damaged, left, complete: isDone })}\n`;
}

function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}
