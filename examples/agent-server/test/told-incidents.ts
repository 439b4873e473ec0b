import { deriveIncident, NOTHING_OMITTED, type RunIncident } from "@otel-lifecycle/incidents";
import type { DrivenIncident } from "../src/check/driven.ts";

/** What is told of the incidents of the runs that were driven, by the id of the run. */
export const INCIDENTS = {
  two: {
    cause: "local_lifecycle_close",
    subcause: "dispose_directory",
    phase: "streaming",
    advice: "do_not_retry",
  },
  three: {
    cause: "local_lifecycle_close",
    subcause: "unknown_lifecycle_close",
    phase: "tool_execution",
    advice: "do_not_retry",
  },
  four: {
    cause: "provider_api_error",
    subcause: null,
    phase: "before_provider_stream",
    advice: "auto_retry",
  },
} as const satisfies Readonly<Record<string, DrivenIncident>>;

/** The attributes of a span that tell of them. */
export const onSpan = ({ cause, subcause, phase, advice }: DrivenIncident) => ({
  "lifecycle.incident.cause": cause,
  ...(subcause === null ? {} : { "lifecycle.incident.subcause": subcause }),
  "lifecycle.incident.phase": phase,
  "lifecycle.incident.retry.recommendation": advice,
});

/** As the events of one OTLP/JSON request of logs. */
export const logRequestOf = (told: readonly (readonly [string, DrivenIncident])[]): string =>
  JSON.stringify({
    resourceLogs: [
      {
        scopeLogs: [
          {
            logRecords: [
              // What incidents rest on comes in events of its own.
              { eventName: "lifecycle.run.evidence", body: { stringValue: "attempt_started" } },
              ...told.map(([id, incident]) => ({
                eventName: "lifecycle.run.incident",
                body: anyValue(whole(id, incident)),
              })),
            ],
          },
        ],
      },
    ],
  });

const whole = (id: string, { cause, subcause, phase, advice }: DrivenIncident): object => {
  const { subcause: _, ...incident } = requireIncident(id);
  return {
    ...incident,
    cause,
    ...(subcause === null ? {} : { subcause }),
    phases: { ...incident.phases, run: phase },
    retry: { ...incident.retry, recommendation: advice },
  };
};

const requireIncident = (id: string): RunIncident => {
  const end = { result: "failed", class: "error", confidence: "high", via: "error" } as const;
  const incident = deriveIncident({
    run: { id, name: "agent run" },
    evidence: [
      {
        type: "run_ended",
        count: 1,
        source: "lifecycle",
        attempt: 0,
        facts: { end },
        redactions: [],
      },
    ],
    omitted: NOTHING_OMITTED,
  });
  if (incident === undefined) throw new Error("expected an incident of a run that failed");
  return incident;
};

const anyValue = (value: unknown): object => {
  if (Array.isArray(value)) return { arrayValue: { values: value.map(anyValue) } };
  if (typeof value === "object" && value !== null) {
    const values = Object.entries(value).map(([key, field]) => ({ key, value: anyValue(field) }));
    return { kvlistValue: { values } };
  }
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value !== "number") return { stringValue: String(value) };
  return Number.isInteger(value) ? { intValue: value } : { doubleValue: value };
};
