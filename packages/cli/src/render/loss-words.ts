import type { LossAccount } from "../account/loss-account.ts";
import { screenText } from "./screen-text.ts";

// As long as the conventions let one be.
const LONGEST_TOKEN = 64;

/** What ended a process, in few words that are safe to print; undefined where nobody had said anything. */
export function lossText(loss: LossAccount): string | undefined {
  const terminated =
    loss.terminationReason === undefined ? undefined : token(loss.terminationReason);
  const words = reasonText(loss);
  if (words === undefined) return terminated && `terminated as ${terminated}`;
  // `OOMKilled` is what these words say.
  const isSaid = terminated === undefined || loss.reason === "oom_kill";
  return isSaid ? words : `${words} (${terminated})`;
}

function reasonText({ reason, source, signal, exitCode }: LossAccount): string | undefined {
  switch (reason) {
    case "oom_kill":
      // The count is that of a group, in which there may have been others.
      return source === "cgroup" ? "out of memory by the count of its cgroup" : "out of memory";
    case "signal":
      return `killed by ${token(signal ?? "a signal")}`;
    case "exit":
      return exitCode === undefined ? "exited" : `exit code ${exitCode}`;
    case "unknown":
      return undefined;
    default:
      // A newer convention's.
      return token(reason);
  }
}

function token(text: string): string {
  return screenText(text, LONGEST_TOKEN);
}
