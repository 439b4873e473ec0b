import { TraceFlags } from "@opentelemetry/api";
import {
  ATTR_ACTION_ID,
  ATTR_ACTION_KIND,
  ATTR_ACTION_PARENT_ID,
  ATTR_ACTION_ROOT_ID,
  ATTR_ACTION_TRIGGER,
} from "@otel-lifecycle/api";
import { type ManagedAction, registry } from "@otel-lifecycle/api/internal";
import type { BeginBody } from "../format/bodies.ts";
import type { JournalLog } from "../log/journal-log.ts";
import { actionBody } from "./body-text.ts";

/**
 * Actions whose spans the journal does not export, because they are not sampled, or are another
 * provider's: what they cover has to be known all the same.
 */
export interface CoversAlone {
  began(action: ManagedAction): void;
  /** Its code is done, or its cover has lapsed; true if it is one of these. */
  done(action: ManagedAction): boolean;
}

export const createCoversAlone = (log: JournalLog): CoversAlone => {
  const numbers = new WeakMap<ManagedAction, number>();
  // No end of a span tells of these: what stays of a final one is its cover.
  const keep = (n: number): void => {
    log.keep(n);
    log.retire([n]);
  };
  return {
    began: (action) => {
      const n = log.next();
      if (!log.begin("B", n, JSON.stringify(bodyOf(action)), true)) return;
      numbers.set(action, n);
      if (action.cover.isFinal) keep(n);
    },
    done: (action) => {
      const n = numbers.get(action);
      if (n === undefined) return false;
      const { isFinal, owner } = action.cover;
      if (!isFinal && owner === undefined) log.retire([n]);
      else log.append("D", n, JSON.stringify({ q: registry.sequence, ...(isFinal && FINAL) }));
      if (isFinal) keep(n);
      return true;
    },
  };
};

const FINAL = { final: true };

const bodyOf = (action: ManagedAction): BeginBody => {
  const { cover, epoch, scope, kind, id, parentId, rootId } = action;
  // By its reference: a span that was not made may be its parent's, and that one is exported.
  const { traceId, spanId, traceFlags, trigger } = cover.action;
  const at = Math.round(epoch + cover.at);
  return {
    src: 0,
    t: traceId,
    s: spanId,
    f: traceFlags & ~TraceFlags.SAMPLED,
    n: `${kind} ${scope.kind}`,
    k: 0,
    st: [Math.floor(at / 1000), (at % 1000) * 1_000_000],
    a: {
      ...scope.attributes,
      [ATTR_ACTION_ID]: id,
      [ATTR_ACTION_KIND]: kind,
      [ATTR_ACTION_TRIGGER]: trigger,
      ...(parentId !== undefined && {
        [ATTR_ACTION_PARENT_ID]: parentId,
        [ATTR_ACTION_ROOT_ID]: rootId,
      }),
    },
    c: actionBody(action),
  };
};
