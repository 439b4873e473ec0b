import { TraceFlags } from "@opentelemetry/api";
import type { JournalLog } from "../log/journal-log.ts";
import { Entry, entryOf, setEntry } from "./entry.ts";
import { readable } from "./sdk-span.ts";
import type { Sources } from "./sources.ts";
import { finishText, startText } from "./span-text.ts";

/** Where whole spans are written. */
export interface WholeSpans {
  readonly log: JournalLog;
  readonly sources: Sources;
}

/** Writes a span that has ended, unless its end is there already. True if it need not be sent any more now, because it
 * is in the journal or was exported. */
export const takeDown = ({ log, sources }: WholeSpans, span: object): boolean => {
  const known = entryOf(span, log);
  if (known !== undefined) return known.hasLeft || (known.hasEnded && log.has(known.n));
  const form = readable(span);
  if (form === undefined || (form.spanContext().traceFlags & TraceFlags.SAMPLED) === 0)
    return false;
  const source = sources.of(form);
  if (source === undefined) return false;
  const n = log.next();
  if (!log.begin("F", n, `${startText(form, source)}${finishText(form)}}`)) return false;
  const entry = new Entry(log, n, form);
  entry.hasEnded = true;
  setEntry(span, entry);
  return true;
};
