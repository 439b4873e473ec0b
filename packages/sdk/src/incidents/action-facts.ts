import { isSpanContextValid } from "@opentelemetry/api";
import { type ActionRef, ATTR_SCOPE_KEY, ATTR_SCOPE_KIND } from "@otel-lifecycle/api";
import { type RecordedEnd, registry } from "@otel-lifecycle/api/internal";
import type { ActionFacts } from "@otel-lifecycle/incidents";

type Cover = RecordedEnd["covers"][number];

/** How many actions of a chain are named. */
const MAX_ACTIONS = 8;

/**
 * The action that a cause is of, then the ones that it is part of, the nearest first, as far as
 * they are under way; of the next one only the id is known.
 */
export const actionChain = (cause: LifecycleCause): readonly ActionFacts[] => {
  const chain: ActionFacts[] = [];
  let at: LifecycleCause | undefined = cause;
  while (at !== undefined && chain.length < MAX_ACTIONS) {
    const parentId: string | undefined = at.action.parentId;
    const parent: Cover | undefined =
      chain.length < MAX_ACTIONS - 1 ? coverOf(parentId) : undefined;
    chain.push(factsOf(at, parent === undefined ? parentId : undefined));
    at = parent;
  }
  return chain;
};

/** A cover, or what else was proved of an action. */
export interface LifecycleCause {
  readonly action: ActionRef;
  readonly provenance?: Cover["provenance"];
}

const coverOf = (id: string | undefined): Cover | undefined =>
  id === undefined ? undefined : registry.actions.get(id)?.cover;

const factsOf = (cause: LifecycleCause, parentId: string | undefined): ActionFacts => {
  const { id, kind, trigger, traceId, spanId } = cause.action;
  const provenance = cause.provenance ?? coverOf(id)?.provenance;
  return {
    id,
    kind,
    trigger,
    ...(provenance === undefined ? undefined : provenanceFacts(provenance)),
    ...(isSpanContextValid(cause.action) ? { traceId, spanId } : undefined),
    ...(parentId === undefined ? undefined : { parentId }),
  };
};

const provenanceFacts = ({
  operation,
  signal,
  initiator,
  scope,
}: Cover["provenance"]): Partial<ActionFacts> => {
  const { [ATTR_SCOPE_KIND]: scopeKind, [ATTR_SCOPE_KEY]: scopeKey } = scope;
  return {
    ...(operation === undefined ? undefined : { operation }),
    ...(signal === undefined ? undefined : { signal }),
    ...(initiator === undefined ? undefined : { initiator }),
    ...(typeof scopeKind === "string" ? { scopeKind } : undefined),
    ...(typeof scopeKey === "string" ? { scopeKey } : undefined),
  };
};
