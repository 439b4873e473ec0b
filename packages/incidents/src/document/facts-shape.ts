import type { IncidentFacts } from "../incident/incident-facts.ts";
import { flag, list, record, type Shape, whole } from "./shape.ts";
import { BOUNDARY, EFFECT } from "./vocabulary.ts";

const MAX_ATTEMPTS = 10_000;
const MAX_EFFECTS = 5;

const count = whole(0, Number.MAX_SAFE_INTEGER);
const effects = list(EFFECT, MAX_EFFECTS);

/** What had happened, field for field. */
export const facts: Shape<IncidentFacts> = record<IncidentFacts>(
  {
    attempts: whole(0, MAX_ATTEMPTS),
    stream: record<IncidentFacts["stream"]>(
      { opened: flag, progress: flag, text: flag, reasoning: flag, completed: flag },
      {},
    ),
    tools: record<IncidentFacts["tools"]>(
      {
        input_pending: count,
        not_executed: count,
        running: count,
        interrupted: count,
        completed: count,
        failed: count,
      },
      {},
    ),
    side_effects: record<IncidentFacts["side_effects"]>(
      { happened: effects, pending: effects, boundary: BOUNDARY, provider_executed: flag },
      { exposed: count },
    ),
    finalizers: record<IncidentFacts["finalizers"]>(
      { completed: count, failed: count, pending: count },
      {},
    ),
  },
  { terminal_attempt: whole(0, MAX_ATTEMPTS), retryable: flag },
);
