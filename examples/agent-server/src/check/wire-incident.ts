import { EVENT_RUN_INCIDENT } from "@otel-lifecycle/api";
import { type RunIncident, readIncidents } from "@otel-lifecycle/incidents";

/** The incidents in OTLP/JSON requests of logs, each the body of one event. */
export const wireIncidentsOf = (logRequests: readonly string[]): readonly RunIncident[] =>
  logRequests
    .map((request): OtlpRequest => JSON.parse(request))
    .flatMap(({ resourceLogs = [] }) => resourceLogs)
    .flatMap(({ scopeLogs = [] }) => scopeLogs)
    .flatMap(({ logRecords = [] }) => logRecords)
    .filter(({ eventName }) => eventName === EVENT_RUN_INCIDENT)
    .flatMap(({ body }) => readIncidents(plain(body)).incidents);

const plain = (value: OtlpValue = {}): unknown => {
  if (value.kvlistValue !== undefined) {
    const { values = [] } = value.kvlistValue;
    return Object.fromEntries(values.map((field) => [field.key, plain(field.value)]));
  }
  if (value.arrayValue !== undefined) return (value.arrayValue.values ?? []).map(plain);
  if (value.intValue !== undefined) return Number(value.intValue);
  return value.stringValue ?? value.boolValue ?? value.doubleValue;
};

interface OtlpValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: number | string;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values?: readonly OtlpValue[] };
  readonly kvlistValue?: {
    readonly values?: readonly { readonly key: string; readonly value?: OtlpValue }[];
  };
}

interface OtlpRequest {
  readonly resourceLogs?: readonly {
    readonly scopeLogs?: readonly {
      readonly logRecords?: readonly { readonly eventName?: string; readonly body?: OtlpValue }[];
    }[];
  }[];
}
