import { diag } from "@opentelemetry/api";

/** What the SDKs' spans and processors look like from inside; private, so only ever looked for. */
interface Inside {
  readonly _spanProcessor?: { readonly _spanProcessors?: unknown };
}

/**
 * True if a processor that exports is known to stand before `processor` in its provider's list:
 * `shutdown()` goes through that list, and an exporting one takes no span from its own on.
 */
export const isBehindExporter = (processor: object, span: object): boolean => {
  const list = (span as Inside)._spanProcessor?._spanProcessors;
  if (!Array.isArray(list)) return false;
  const before: readonly unknown[] = list.slice(0, Math.max(list.indexOf(processor), 0));
  return before.some(
    (other) => typeof other === "object" && other !== null && "_exporter" in other,
  );
};

/** Says what the wrong place costs: at the first span, and at shutdown when it has. */
export const warnOfPosition = (cost: string): void => {
  diag
    .createComponentLogger({ namespace: "@otel-lifecycle/sdk" })
    .warn(
      `LifecycleSpanProcessor stands behind a processor that exports: ${cost}. Put it first in spanProcessors.`,
    );
};
