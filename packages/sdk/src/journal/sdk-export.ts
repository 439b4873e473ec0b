// The SDK's exporter and span by their form, so that this package needs neither of its lines.

/** `ExportResult` of the SDK: 0 is success, 1 is failure. */
export interface ExportResult {
  readonly code: number;
  readonly error?: Error;
}

/** `SpanExporter` of the OpenTelemetry SDK (specification, trace SDK, "Span exporter"). */
export interface SpanExporter<T = never> {
  export(spans: T[], resultCallback: (result: ExportResult) => void): void;
  forceFlush?(): Promise<void>;
  shutdown(): Promise<void>;
}
