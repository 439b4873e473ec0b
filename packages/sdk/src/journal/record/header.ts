import process from "node:process";
import { threadId } from "node:worker_threads";
import { guarded } from "@otel-lifecycle/api/internal";
import { readCgroup } from "../cgroup.ts";
import { thisHost } from "../folder/host.ts";
import { type HeaderBody, VERSION } from "../format/bodies.ts";
import type { JournalLog } from "../log/journal-log.ts";

/** What a journal says of who writes it. */
export interface Header {
  /** Says that incidents are recorded, once. */
  recordsIncidents(): void;
}

/** Writes the header; what it says later replaces it. */
export const writeHeader = (log: JournalLog): Header => {
  const cgroup = guarded("memory control group", readCgroup);
  const body: HeaderBody = {
    v: VERSION,
    ...thisHost(),
    pid: process.pid,
    thread: threadId,
    opened: Date.now(),
    ...(cgroup !== undefined && { cgroup }),
  };
  log.head("H", 0, JSON.stringify(body));
  let hasIncidents = false;
  return {
    recordsIncidents: () => {
      if (hasIncidents) return;
      hasIncidents = true;
      log.head("H", 0, JSON.stringify({ ...body, incidents: true }));
    },
  };
};
