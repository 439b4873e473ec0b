import { type Context, trace } from "@opentelemetry/api";
import { activeContext } from "../active-context.ts";
import { ENTRY_CAUSE } from "../attributes.ts";
import { guarded, noteBounded } from "../diagnostics.ts";
import { setRemoteAction, setRun } from "../lifecycle-context.ts";
import { runIn } from "../runs/run-in.ts";
import { parseEntry } from "./carrier-entry.ts";
import { parseCauseEntry } from "./cause-entry.ts";
import { parseTraceparent, TRACEPARENT } from "./traceparent.ts";

/**
 * The context with what {@link inject} wrote in another process or thread: an action that is
 * started there names the remote one as its parent, is below its root, has its trigger unless it
 * gives its own, and a span below its span. That is all: no run is closed by what came in.
 *
 * Reads plain objects, Node's `request.headers`, `Headers` and `Map`. Never throws; what does not
 * fit is dropped and counted, and of an entry that is there more than once none is taken.
 */
export const extract = (carrier: unknown, context: Context = activeContext()): Context => {
  if (carrier === undefined) return context;
  if (typeof carrier !== "object" || carrier === null) {
    noteBounded("carrier", "expected an object, such as request.headers, nothing is extracted.");
    return context;
  }
  return guarded("carrier", () => contextOf(carrier, context)) ?? context;
};

const contextOf = (carrier: object, around: Context): Context => {
  const span = parseEntry(carrier, TRACEPARENT, parseTraceparent);
  const action = parseEntry(carrier, ENTRY_CAUSE, parseCauseEntry);
  let context = around;
  if (span !== undefined) {
    // The span that is active may be what tells the run, and it is about to be another.
    const run = runIn(around);
    context = trace.setSpanContext(run === undefined ? around : setRun(around, run), span);
  }
  return action === undefined ? context : setRemoteAction(context, action);
};
