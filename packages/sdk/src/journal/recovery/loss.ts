import { constants } from "node:os";
import {
  ATTR_K8S_CONTAINER_STATUS_LAST_TERMINATED_REASON,
  ATTR_LOSS_REASON,
  ATTR_LOSS_SIGNAL,
  ATTR_LOSS_SOURCE,
  ATTR_PROCESS_EXIT_CODE,
  type LossReason,
  type LossSource,
} from "@otel-lifecycle/api";
import type { AttributesBody, HeaderBody } from "../format/bodies.ts";
import type { ProcessExit } from "./recovery.ts";

/** What is known of the end of a process. */
export interface LossEvidence {
  /** How it ended, as whoever started it was told; what is not allowed in it is left out. */
  readonly exit?: ProcessExit | undefined;
  /** Boot id and memory control group when it opened its journal. */
  readonly before: GroupAt;
  /** The same when the journal was first taken over, of the group that the journal names. */
  readonly after: GroupAt;
}

/** A memory control group at a moment; a header is one. */
export type GroupAt = Pick<HeaderBody, "boot" | "cgroup">;

/**
 * What a run that was lost with that process says of it, in `lifecycle.loss.*` and in the attributes
 * of the semantic conventions: evidence, never a guess, so an exit code of 137 alone is no signal.
 * An orchestrator's `OOMKilled` comes before the signal or exit code of a supervisor, and that before
 * the kernel's count; whatever is given stands beside the reason.
 *
 * The kernel's count proves that it killed a process of that control group, or of one below it,
 * between the opening of the journal and its first takeover. A group may hold several processes.
 */
export const lossOf = ({ exit = {}, before, after }: LossEvidence): AttributesBody => {
  const code = isExitCode(exit.code) ? exit.code : undefined;
  const signal = isSignal(exit.signal) ? exit.signal : undefined;
  const terminated = isTerminationReason(exit.reason) ? exit.reason : undefined;
  const { reason, source } = verdictOf({ code, signal, terminated }, killedBetween(before, after));
  return {
    [ATTR_LOSS_REASON]: reason,
    ...(source && { [ATTR_LOSS_SOURCE]: source }),
    ...(signal && { [ATTR_LOSS_SIGNAL]: signal }),
    ...(code !== undefined && { [ATTR_PROCESS_EXIT_CODE]: code }),
    ...(terminated && { [ATTR_K8S_CONTAINER_STATUS_LAST_TERMINATED_REASON]: terminated }),
  };
};

/** Whether something is an exit code as `wait` gives one: 0 to 255. */
const isExitCode = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= 255;

/** Whether something is the name of a signal of this system. */
const isSignal = (value: unknown): value is string =>
  typeof value === "string" && Object.hasOwn(constants.signals, value);

/** Whether something has the form of a termination reason: a word of at most 64 letters and digits. */
const isTerminationReason = (value: unknown): value is string =>
  typeof value === "string" && /^[A-Za-z][A-Za-z0-9]{0,63}$/.test(value);

interface Given {
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly terminated: string | undefined;
}

interface Verdict {
  readonly reason: LossReason;
  readonly source?: LossSource;
}

const verdictOf = ({ code, signal, terminated }: Given, wasKilled: boolean): Verdict => {
  if (terminated === "OOMKilled") return { reason: "oom_kill", source: "kubernetes" };
  if (signal !== undefined) return { reason: "signal", source: "supervisor" };
  if (code !== undefined) return { reason: "exit", source: "supervisor" };
  return wasKilled ? { reason: "oom_kill", source: "cgroup" } : { reason: "unknown" };
};

/** Whether the count of one and the same group has grown. Without a boot id inodes prove nothing. */
const killedBetween = (before: GroupAt, after: GroupAt): boolean => {
  if (before.boot === undefined || before.boot !== after.boot) return false;
  if (before.cgroup === undefined || after.cgroup === undefined) return false;
  const { events, inode, oomKills } = before.cgroup;
  return (
    events === after.cgroup.events &&
    inode === after.cgroup.inode &&
    oomKills < after.cgroup.oomKills
  );
};
