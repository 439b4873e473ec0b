import type { Journal } from "../journal.ts";

/** A journal that does nothing: what goes through it goes as if it were not there. */
export const INERT: Journal = {
  path: undefined,
  isNeeded: false,
  through: (exporter) => exporter,
  recover: () =>
    Promise.resolve({
      journals: 0,
      spans: 0,
      exported: 0,
      lost: 0,
      refused: 0,
      damaged: 0,
      left: {
        alive: 0,
        other_host: 0,
        other_owner: 0,
        newer_version: 0,
        not_a_journal: 0,
        other_pid: 0,
        failed: 0,
      },
      isComplete: true,
    }),
  spill: () => 0,
  close: () => undefined,
};
