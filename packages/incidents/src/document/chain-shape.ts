import type { ChainAction, IncidentChain } from "../incident/incident-chain.ts";
import { ACTION_ID, HASH, KIND, OPERATION, ROUTE, SIGNAL, SPAN_ID, TRACE_ID } from "./grammar.ts";
import { list, record, type Shape } from "./shape.ts";
import { GAP, INITIATOR, METHOD, TRIGGER } from "./vocabulary.ts";

const MAX_ACTIONS = 8;
const MAX_GAPS = 7;

const action: Shape<ChainAction> = record<ChainAction>(
  { id: ACTION_ID, kind: KIND, trigger: TRIGGER },
  {
    operation: OPERATION,
    signal: SIGNAL,
    initiator: INITIATOR,
    scope_kind: KIND,
    scope_key: HASH,
    trace_id: TRACE_ID,
    span_id: SPAN_ID,
  },
);

/** From the run to who asked for its end. */
export const chain: Shape<IncidentChain> = record<IncidentChain>(
  { actions: list(action, MAX_ACTIONS), gaps: list(GAP, MAX_GAPS) },
  {
    nearest_origin: record<NonNullable<IncidentChain["nearest_origin"]>>(
      { trigger: TRIGGER, action_id: ACTION_ID },
      { operation: OPERATION, signal: SIGNAL, initiator: INITIATOR },
    ),
    nearest_request: record<NonNullable<IncidentChain["nearest_request"]>>(
      { method: METHOD, route: ROUTE, action_id: ACTION_ID },
      {},
    ),
  },
);
