import type { Context } from "@opentelemetry/api";

/**
 * What a logger provider has, as far as it is used here: structural, because its API is
 * `@opentelemetry/api-logs` beside the 2.x SDKs and a part of `@opentelemetry/api` from 1.10 on.
 */
export interface LoggerProvider {
  /** A logger of an instrumentation scope. */
  getLogger(name: string, version?: string, options?: { readonly schemaUrl?: string }): Logger;
}

/** A logger of either line. */
export interface Logger {
  /** Hands an event over, without waiting. */
  emit(record: LogEvent): void;
}

/** A log-based event. */
export interface LogEvent {
  readonly eventName: string;
  /** Seconds and nanoseconds since the Unix epoch. */
  readonly timestamp?: [number, number];
  readonly severityNumber: number;
  readonly severityText: string;
  readonly body: LogValue;
  readonly attributes: Record<string, string>;
  readonly context: Context;
}

/** What a record of either line may hold, of what is used here. */
export type LogValue = string | number | boolean | LogValue[] | { [key: string]: LogValue };

const BESIDE_API = Symbol.for("io.opentelemetry.js.api.logs");
const OF_API = Symbol.for("opentelemetry.js.api.1");

/** The version of the logs API that this is written for. */
const VERSION = 1;

interface Globals {
  readonly [BESIDE_API]?: (version: number) => LoggerProvider;
  readonly [OF_API]?: { readonly logs?: LoggerProvider };
}

/**
 * The logger provider that is registered now, with either line of the API; undefined if none is.
 * Looked up where both leave it for other copies of themselves, so that neither is a dependency.
 */
export const registeredLoggerProvider = (): LoggerProvider | undefined => {
  const globals = globalThis as Globals;
  return globals[OF_API]?.logs ?? globals[BESIDE_API]?.(VERSION);
};
