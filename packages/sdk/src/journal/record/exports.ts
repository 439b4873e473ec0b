import { guarded } from "@otel-lifecycle/api/internal";
import type { SpanExporter } from "../sdk-export.ts";
import { acknowledge } from "./acknowledge.ts";
import type { Queues } from "./queues.ts";
import type { SecondWay } from "./second-way.ts";
import { tellOf } from "./through.ts";
import { takeDown, type WholeSpans } from "./whole-span.ts";

/** The way of ended spans out of the process, as far as the journal sees it. */
export interface Exports {
  /** The exporter for the SDK: what it acknowledges leaves the journal. */
  through<T>(exporter: SpanExporter<T>): SpanExporter<T>;
  /** Takes down those of the spans whose end is not in the journal; how many are in it then. */
  spill(spans: readonly object[]): number;
  /** The same of what waits in the SDK's queues, and what an exporter has not answered for. */
  spillWaiting(): void;
}

export interface ExportsParts extends WholeSpans {
  readonly queues: Queues;
  readonly secondWay: SecondWay;
}

export const createExports = (parts: ExportsParts): Exports => {
  const { log, queues, secondWay } = parts;
  const inHand = new Set<readonly object[]>();
  const spill = (spans: readonly object[]): number =>
    spans.filter((span) => guarded(WHAT, () => takeDown(parts, span)) === true).length;
  return {
    through: (exporter) => {
      secondWay.use(exporter);
      const told = tellOf(exporter, {
        admit: secondWay.admit,
        sent: (spans) => void inHand.add(spans),
        refused: (spans) => {
          inHand.delete(spans);
          secondWay.refused(spans);
        },
        acknowledged: (spans) => {
          inHand.delete(spans);
          acknowledge(log, spans);
          secondWay.succeeded();
        },
        shutDown: secondWay.stop,
      });
      queues.add(told);
      return told;
    },
    spill,
    spillWaiting: () => {
      const waiting = queues.drain();
      for (const spans of [...inHand, waiting]) spill(spans);
    },
  };
};

const WHAT = "journal";
