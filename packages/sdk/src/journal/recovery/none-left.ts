import type { LeftReason } from "./recovery.ts";

/** No journal was left alone. */
export const NONE_LEFT: Readonly<Record<LeftReason, number>> = {
  alive: 0,
  other_host: 0,
  other_owner: 0,
  newer_version: 0,
  not_a_journal: 0,
  other_pid: 0,
  failed: 0,
};
