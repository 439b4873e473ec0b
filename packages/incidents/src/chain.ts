import { closingActions } from "./causes/requested-close.ts";
import type { Draft } from "./draft.ts";
import type { ActionFacts, RunIdentity } from "./evidence.ts";
import type { IncidentCause } from "./incident/cause.ts";
import type { GapCode } from "./incident/gap-code.ts";
import type { ChainAction, IncidentChain } from "./incident/incident-chain.ts";
import type { Story } from "./story/story.ts";

/** From the run to who asked for its end, as far as it is known. */
export const chainOf = (story: Story, cause: IncidentCause): IncidentChain => {
  if (cause !== "local_lifecycle_close") return NOBODY;
  const actions = closingActions(story);
  if (actions.length === 0) return UNKNOWN;
  const origin = actions.find(({ trigger }) => trigger !== "unknown");
  const request = requestIn(actions);
  return {
    actions: actions.map(chainAction),
    ...(origin === undefined ? undefined : { nearest_origin: originOf(origin) }),
    ...(request === undefined ? undefined : { nearest_request: request }),
    gaps: isContextMissing(actions, request) ? CONTEXT_MISSING : NONE,
  };
};

const NONE: readonly GapCode[] = [];
const CONTEXT_MISSING: readonly GapCode[] = ["lifecycle.request_context_missing"];
const NOBODY: IncidentChain = { actions: [], gaps: NONE };
const UNKNOWN: IncidentChain = { actions: [], gaps: ["lifecycle.close_requested"] };

const chainAction = (action: ActionFacts): ChainAction => {
  const { id, kind, trigger } = action;
  const chained: Draft<ChainAction> = { id, kind, trigger };
  if (action.operation !== undefined) chained.operation = action.operation;
  if (action.signal !== undefined) chained.signal = action.signal;
  if (action.initiator !== undefined) chained.initiator = action.initiator;
  if (action.scopeKind !== undefined) chained.scope_kind = action.scopeKind;
  if (action.scopeKey !== undefined) chained.scope_key = action.scopeKey;
  if (action.traceId !== undefined) chained.trace_id = action.traceId;
  if (action.spanId !== undefined) chained.span_id = action.spanId;
  return chained;
};

const originOf = (action: ActionFacts): NonNullable<IncidentChain["nearest_origin"]> => {
  const { id, trigger, operation, signal, initiator } = action;
  return {
    trigger,
    action_id: id,
    ...(operation === undefined ? undefined : { operation }),
    ...(signal === undefined ? undefined : { signal }),
    ...(initiator === undefined ? undefined : { initiator }),
  };
};

const requestIn = (actions: readonly ActionFacts[]): IncidentChain["nearest_request"] => {
  for (const { id, operation } of actions) {
    const [, method, route] = (operation === undefined ? null : REQUEST.exec(operation)) ?? [];
    if (method !== undefined && route !== undefined) return { method, route, action_id: id };
  }
  return undefined;
};

// `Config.update` is an operation too, and no request.
const REQUEST = /^(CONNECT|DELETE|GET|HEAD|OPTIONS|PATCH|POST|PUT|QUERY|TRACE) (\/\S*)$/;

// A request asked and nobody says which; or more is around the last action than its id.
const isContextMissing = (
  actions: readonly ActionFacts[],
  request: IncidentChain["nearest_request"],
): boolean =>
  (request === undefined && actions.some(({ trigger }) => trigger === "http")) ||
  isUnknownAction(actions[actions.length - 1]?.parentId, actions);

const isUnknownAction = (id: string | undefined, actions: readonly ActionFacts[]): boolean =>
  id !== undefined && actions.every((action) => action.id !== id);

/** Keyed hashes of the directories that the close touched, sorted; else of the run's own alone. */
export const affectedKeys = (
  { scopeKey }: RunIdentity,
  { actions }: IncidentChain,
): readonly string[] => {
  const keys = new Set<string>();
  for (const key of [scopeKey, ...actions.map(({ scope_key }) => scope_key)]) {
    if (key !== undefined && KEY.test(key)) keys.add(key);
  }
  return [...keys].sort();
};

const KEY = /^[0-9a-f]{16}$/;
