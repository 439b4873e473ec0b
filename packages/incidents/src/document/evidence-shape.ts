import type { IncidentEvidence } from "../incident/incident-evidence.ts";
import { ACTION_ID, KIND, NAME, PATH } from "./grammar.ts";
import { flag, list, number, record, type Shape, whole } from "./shape.ts";
import { CLOSE_CLASS, EFFECT, PROOF, ROLE, WATCHDOG } from "./vocabulary.ts";

const MAX = Number.MAX_SAFE_INTEGER;
/** Some thirty years, in seconds. */
const LONG = 1_000_000_000;

/** One piece of evidence, field for field. */
export const evidence: Shape<IncidentEvidence> = record<IncidentEvidence>(
  { order: whole(1, MAX), type: KIND, source: NAME },
  {
    attempt: whole(0, 10_000),
    // What closed a run may have been initiated before that began.
    time: number(-LONG, LONG),
    count: whole(1, MAX),
    role: ROLE,
    tool: NAME,
    tool_call: whole(1, MAX),
    effect: EFFECT,
    provider_executed: flag,
    error: record<NonNullable<IncidentEvidence["error"]>>(
      { proof: PROOF },
      { name: NAME, code: NAME, cause_name: NAME, cause_code: NAME },
    ),
    close: record<NonNullable<IncidentEvidence["close"]>>(
      { class: CLOSE_CLASS },
      { action_id: ACTION_ID, action_kind: KIND },
    ),
    error_kind: NAME,
    status: whole(100, 599),
    watchdog: WATCHDOG,
    name: NAME,
    duration: number(0, LONG),
    omitted_before: whole(1, MAX),
    redactions: list(PATH, 16),
  },
);
