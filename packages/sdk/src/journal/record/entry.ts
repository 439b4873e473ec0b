import type { Attributes } from "@opentelemetry/api";
import type { JournalLog } from "../log/journal-log.ts";
import type { SdkSpanForm } from "./sdk-span.ts";
import type { Begun } from "./span-text.ts";

/**
 * What the journal knows of a span that it has taken down. A class, because as many are open as
 * there are runs, and the literals of so many may come to live in the old generation from birth.
 */
export class Entry implements Begun {
  readonly log: JournalLog;
  /** The span's number in that log. */
  readonly n: number;
  /** Copied, because the span's own are changed in place. */
  readonly attributes: Attributes;
  readonly count: number;
  readonly name: string;
  readonly flags: number;
  readonly links: number;
  /** Its end is in the journal. */
  hasEnded = false;
  /** It has been exported: the journal has let it go. */
  hasLeft = false;
  /** How many pieces of evidence were written. */
  notes = 0;

  constructor(log: JournalLog, n: number, span: SdkSpanForm) {
    const { attributes } = span;
    this.log = log;
    this.n = n;
    this.attributes = { ...attributes };
    this.count = Object.keys(attributes).length;
    this.name = span.name;
    this.flags = span.spanContext().traceFlags;
    this.links = span.links.length;
  }
}

const ENTRY = Symbol.for("@otel-lifecycle/sdk.journal.v1");

type Carrier = { [ENTRY]?: Entry | undefined };

/** The entry of a span in this log; one of a journal before it does not count. */
export const entryOf = (span: object, log: JournalLog): Entry | undefined => {
  const entry = (span as Carrier)[ENTRY];
  return entry?.log === log ? entry : undefined;
};

export const setEntry = (span: object, entry: Entry | undefined): void => {
  (span as Carrier)[ENTRY] = entry;
};
