import type { JournalLog } from "../log/journal-log.ts";
import type { RebuiltSpan } from "../recovery/rebuilt-span.ts";
import { readOwn } from "../redelivery/own-reader.ts";
import { createRedelivery, type Redelivery } from "../redelivery/redelivery.ts";
import type { SpanExporter } from "../sdk-export.ts";
import { entryOf } from "./entry.ts";

/** Redelivery, as the SDK's spans have to do with it. */
export interface SecondWay {
  /** The first exporter that this is told gets what is sent anew. */
  use<T>(exporter: SpanExporter<T>): void;
  /** Those that the ordinary way may send; the same list if all may. */
  admit<T>(spans: T[]): T[];
  /** The SDK's queue is full: no exporter will be given this span. */
  dropped(span: object): void;
  /** An exporter has failed to deliver these. */
  refused(spans: readonly object[]): void;
  /** An exporter has delivered something. */
  succeeded(): void;
  /** Sends nothing any more. */
  stop(): void;
}

/** From the journal in the folder `path`. */
export const createSecondWay = (log: JournalLog, path: string): SecondWay => {
  let redelivery: Redelivery | undefined;
  const numberOf = (span: unknown): number | undefined => {
    if (typeof span !== "object" || span === null) return undefined;
    const entry = entryOf(span, log);
    return entry?.hasEnded === true ? entry.n : undefined;
  };
  const isAdmitted = (span: unknown): boolean => {
    const n = numberOf(span);
    return n === undefined || redelivery?.admits(n) !== false;
  };
  return {
    use: (exporter) => {
      redelivery ??= createRedelivery({
        // What exporters read of a span is there, whatever line of the SDK it is of.
        exporter: exporter as unknown as SpanExporter<RebuiltSpan>,
        read: (wanted) => readOwn(path, wanted),
        retire: (numbers) => log.retire(numbers),
      });
    },
    admit: (spans) => (redelivery?.admitsAll === false ? spans.filter(isAdmitted) : spans),
    dropped: (span) => {
      const n = numberOf(span);
      if (n !== undefined) redelivery?.dropped(n);
    },
    refused: (spans) => redelivery?.failed(spans.flatMap((span) => numberOf(span) ?? [])),
    succeeded: () => redelivery?.succeeded(),
    stop: () => redelivery?.stop(),
  };
};
