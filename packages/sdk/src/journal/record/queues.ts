import { guarded } from "@otel-lifecycle/api/internal";
import { processorsOf } from "../../position.ts";

/** The SDK's processors whose exporter is one of the journal's. */
export interface Queues {
  /** Looks at the list of processors to which a span goes; the first time only. */
  learnFrom(span: object): void;
  /** An exporter that a processor may be given. */
  add(exporter: object): void;
  /** Has them hand over what waits, as far as they do before this returns, and gives what still waits. */
  drain(): readonly object[];
}

/** A processor that exports, as both lines of the SDK have it. */
interface Exporting {
  readonly _exporter?: unknown;
  readonly _finishedSpans?: unknown;
  forceFlush?(): Promise<void>;
}

export const createQueues = (): Queues => {
  const exporters = new WeakSet<object>();
  let list: readonly unknown[] | undefined;
  return {
    learnFrom: (span) => {
      list ??= processorsOf(span) ?? [];
    },
    add: (exporter) => void exporters.add(exporter),
    drain: () => {
      const ours = (list ?? []).filter((one): one is Exporting =>
        exporters.has(Object(Object(one)._exporter)),
      );
      // Public, so it comes first: an exporter that answers at once has exported them.
      for (const one of ours) guarded("flush at exit", () => void flush(one));
      return ours.flatMap(({ _finishedSpans: waiting }) => (Array.isArray(waiting) ? waiting : []));
    },
  };
};

const flush = async (processor: Exporting): Promise<void> => {
  try {
    await processor.forceFlush?.();
  } catch {
    // What was not exported is in the journal.
  }
};
