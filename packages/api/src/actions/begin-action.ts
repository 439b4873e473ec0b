import { type Attributes, type Span, trace } from "@opentelemetry/api";
import {
  type ActionTrigger,
  ATTR_ACTION_ID,
  ATTR_ACTION_KIND,
  ATTR_ACTION_OPERATION,
  ATTR_ACTION_PARENT_ID,
  ATTR_ACTION_ROOT_ID,
  ATTR_ACTION_SIGNAL,
  ATTR_ACTION_TRIGGER,
  ATTR_INITIATOR_TYPE,
} from "../attributes.ts";
import { extract } from "../carriers/extract.ts";
import type { ActionId, ActionRef } from "../closes/close.ts";
import {
  type ActionCell,
  getAction,
  getBegunIn,
  getRemoteAction,
  type RemoteAction,
  setAction,
} from "../lifecycle-context.ts";
import { type SpanOwner, startOwnSpan } from "../own-span.ts";
import { nextNumber, now, registry } from "../registry.ts";
import { journalled } from "../run-journal.ts";
import type { ManagedRun } from "../runs/managed-run.ts";
import { runsAround } from "../runs/run-in.ts";
import { processNode, type ScopeNode } from "../scopes/scope.ts";
import type { Action, ActionOptions } from "./action.ts";
import { createActionId } from "./action-id.ts";
import { type BoundActionOptions, readActionOptions } from "./action-options.ts";
import { type Cover, openAction } from "./cover.ts";
import { ManagedAction } from "./managed-action.ts";
import { createTally } from "./tally.ts";

/**
 * Begins a lifecycle action: starts its span under the active one, covers the scope and asks what
 * is in flight to stop. For actions whose code is not one function, else `withAction`. Its code is
 * done at `end()` or `fail()`. Never throws.
 */
export const startAction = (options: ActionOptions): Action => beginAction(options);

export const beginAction = (options: ActionOptions): ManagedAction => {
  const bounded = readActionOptions(options);
  const { scope, asks, kind } = bounded;
  const around = extract(bounded.carrier);
  const parent = getRemoteAction(around) ?? getAction(around)?.current?.cell.ref;
  const trigger = bounded.trigger ?? parent?.trigger ?? "unknown";
  const id = createActionId();
  const rootId = parent?.rootId ?? id;
  const owner: SpanOwner = { processor: undefined };
  const span = startOwnSpan(owner, {
    name: `${kind} ${scope.kind}`,
    attributes: attributesOf(bounded, { id, rootId, parent, trigger }),
    options: bounded.spanOptions,
    context: around,
  });
  const { traceId, spanId, traceFlags } = span.spanContext();
  const hosts = [...runsAround(around)];
  const ref: ActionRef = {
    id,
    kind,
    trigger,
    rootId,
    parentId: parent?.id,
    begunIn: openAction(getBegunIn(around)),
    startedIn: hosts.map((run) => run.began),
    traceId,
    spanId,
    traceFlags,
  };
  const cell: ActionCell = { ref, current: undefined };
  const cover: Cover = {
    type: "lifecycle_action",
    via: "registry",
    seq: nextNumber(),
    at: now(),
    action: ref,
    asks,
    isFinal: asks && kind === "shutdown" && scope === processNode() && !isShutDown(scope),
    isOpen: true,
    owner: undefined,
    provenance: {
      operation: bounded.operation,
      signal: bounded.signal,
      initiator: bounded.initiator,
      scope: scope.attributes,
    },
  };
  const action = new ManagedAction({
    span,
    context: trace.setSpan(setAction(around, cell), span),
    scope,
    cover,
    cell,
    // The runs in whose code it is started are covered, but it does not wait for them.
    tally: createTally(scope.activeCount - hosts.filter((run) => isIn(run, scope)).length),
    hosts,
    epoch: epochOf(span, cover.at),
    settleTimeoutMs: bounded.settleTimeoutMs,
  });
  action.processor = owner.processor;
  cell.current = action;
  cover.owner = action;
  registry.actions.set(id, action);
  scope.covers.push(cover);
  registry.standingCovers += 1;
  journalled((journal) => journal.actionBegan(action));
  action.askRuns();
  return action;
};

// One is enough: what begins after it is asked by it.
const isShutDown = (scope: ScopeNode): boolean => scope.covers.some((cover) => cover.isFinal);

const isIn = (run: ManagedRun, scope: ScopeNode): boolean =>
  run.close === undefined && !run.hasYielded && run.path.includes(scope);

// Interrupt spans are on their action's clock, so that they never begin before it; the SDKs start
// a span at `Date.now()` and end it by the monotonic clock.
const epochOf = (span: Span, at: number): number => {
  const { startTime } = span as { readonly startTime?: readonly [number, number] };
  const elapsed = Date.now() - now();
  if (!Array.isArray(startTime)) return elapsed;
  const started = startTime[0] * 1000 + startTime[1] / 1e6 - at;
  // A start that the application gave may lie anywhere.
  return Math.abs(started - elapsed) < 50 ? started : elapsed;
};

interface Place {
  readonly id: ActionId;
  readonly rootId: ActionId;
  readonly parent: RemoteAction | undefined;
  readonly trigger: ActionTrigger;
}

const attributesOf = (options: BoundActionOptions, place: Place): Attributes => ({
  ...options.scope.attributes,
  [ATTR_ACTION_ID]: place.id,
  [ATTR_ACTION_KIND]: options.kind,
  [ATTR_ACTION_TRIGGER]: place.trigger,
  ...given(ATTR_ACTION_OPERATION, options.operation),
  ...given(ATTR_ACTION_SIGNAL, options.signal),
  ...given(ATTR_INITIATOR_TYPE, options.initiator),
  ...(place.parent === undefined
    ? undefined
    : { [ATTR_ACTION_PARENT_ID]: place.parent.id, [ATTR_ACTION_ROOT_ID]: place.rootId }),
});

const given = (name: string, value: string | undefined): Attributes | undefined =>
  value === undefined ? undefined : { [name]: value };
