import { guarded } from "@otel-lifecycle/api/internal";
import type { SpanExporter } from "../sdk-export.ts";

/** Where batches are while an exporter has them. */
export interface Batches {
  /** Those that may be sent; the same list if all may. */
  admit<T>(spans: T[]): T[];
  /** The exporter has taken them over, and has not answered. */
  sent(spans: readonly object[]): void;
  /** It has answered: they have been exported. */
  acknowledged(spans: readonly object[]): void;
  /** It has answered that they have not. */
  refused(spans: readonly object[]): void;
  /** The exporter is used no more. */
  shutDown(): void;
}

/** The same exporter, while `batches` is told what becomes of what it is given. */
export const tellOf = <T>(exporter: SpanExporter<T>, batches: Batches): SpanExporter<T> => {
  const told: SpanExporter<T> = {
    export: (spans, done) => {
      const admitted = guarded(WHAT, () => batches.admit(spans)) ?? spans;
      if (admitted.length === 0 && spans.length > 0) return done({ code: SUCCESS });
      const given = objectsOf(admitted);
      guarded(WHAT, () => batches.sent(given));
      const settle = (code: number | undefined): void => {
        guarded(WHAT, () => {
          if (code === SUCCESS) batches.acknowledged(given);
          else batches.refused(given);
        });
      };
      try {
        exporter.export(admitted, (result) => {
          settle(result?.code);
          done(result);
        });
      } catch (error) {
        settle(undefined);
        throw error;
      }
    },
    shutdown: () => {
      guarded(WHAT, batches.shutDown);
      return exporter.shutdown();
    },
  };
  // An SDK asks whether there is one.
  if (typeof exporter.forceFlush !== "function") return told;
  return { ...told, forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve() };
};

const SUCCESS = 0;
const WHAT = "journal";

// Copied, because the SDK may go on using the list.
const objectsOf = (spans: readonly unknown[]): readonly object[] =>
  spans.filter((span): span is object => typeof span === "object" && span !== null);
