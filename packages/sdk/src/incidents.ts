// The entry point `@otel-lifecycle/sdk/incidents`: one of its own, so that a process which records no
// incidents does not load what derives them.
export { createIncidentFile, type IncidentWriter } from "./incidents/incident-file.ts";
export type { IncidentOptions } from "./incidents/incident-options.ts";
export type { LogEvent, Logger, LoggerProvider, LogValue } from "./incidents/logger-provider.ts";
export { type IncidentRecording, recordIncidents } from "./incidents/record-incidents.ts";
