import type { ActionFacts, EndFacts, ErrorFacts } from "./evidence.ts";
import type { IncidentCause } from "./incident/cause.ts";
import type { GapCode } from "./incident/gap-code.ts";
import type { IncidentFacts } from "./incident/incident-facts.ts";
import type { Phases } from "./incident/phases.ts";

/** What has been made out of a run's evidence; advice, summary and older form follow from it. */
export interface Told {
  readonly end: EndFacts | undefined;
  readonly cause: IncidentCause;
  readonly subcause: string | undefined;
  readonly phases: Phases;
  readonly facts: IncidentFacts;
  /** That of what broke, else the one that the run ended with. */
  readonly error: ErrorFacts | undefined;
  /** The provider's word for its error. */
  readonly errorKind: string | undefined;
  /** The action that closed the run. */
  readonly action: ActionFacts | undefined;
  readonly gaps: readonly GapCode[];
}
