// Deriving
export { deriveIncident, type Judgement, judge } from "./derive-incident.ts";
// Exporting, and reading back
export { type ReadIncidents, readIncidents } from "./document/read-incidents.ts";
export { toDocument, toJsonLine } from "./document/to-document.ts";
// What is recorded
export {
  type ActionFacts,
  type EndFacts,
  type ErrorFacts,
  type Evidence,
  NOTHING_OMITTED,
  type Omitted,
  type RequestedClose,
  type RunIdentity,
  type RunRecord,
  type SafeFacts,
  type SideEffectBoundary,
} from "./evidence.ts";
// What is exported
export type { IncidentCause } from "./incident/cause.ts";
export type { GapCode } from "./incident/gap-code.ts";
export type { ChainAction, IncidentChain } from "./incident/incident-chain.ts";
export type { IncidentEvidence } from "./incident/incident-evidence.ts";
export type { IncidentFacts } from "./incident/incident-facts.ts";
export type { LegacyClassification, LegacyForm } from "./incident/legacy-form.ts";
export type { Phases, RunPhase, StreamPhase, ToolPhase } from "./incident/phases.ts";
export type { RetryAdvice, RetryRecommendation } from "./incident/retry-advice.ts";
export type { RunIncident, RunIncidents } from "./incident/run-incident.ts";
// For who reads the older form
export { legacyOfCompleted } from "./legacy/legacy-for.ts";
// The evidence of a run, bounded
export { createEvidenceLog, type EvidenceLog, type LogClock } from "./log/evidence-log.ts";
// What may leave the process
export { errorFacts } from "./sanitise/error-facts.ts";
export {
  type EndTold,
  endFacts,
  type OwnEvidence,
  type OwnFacts,
  type OwnPlace,
  ownEvidence,
  requestFacts,
} from "./sanitise/own-evidence.ts";
export { safeEvidence } from "./sanitise/safe-evidence.ts";
export { safeRunIdentity } from "./sanitise/safe-run-identity.ts";
// In one line
export { type Brief, briefOf } from "./summary/brief.ts";
