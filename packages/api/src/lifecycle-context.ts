import { type Context, createContextKey, ROOT_CONTEXT } from "@opentelemetry/api";
import type { ManagedAction } from "./actions/managed-action.ts";
import type { ActionTrigger } from "./attributes.ts";
import type { ActionId, ActionRef } from "./closes/close.ts";
import type { ManagedRun } from "./runs/managed-run.ts";

/** What a context holds of an action: small, and empty of it once the action's code is done. */
export interface ActionCell {
  readonly ref: ActionRef;
  /** The action while its code runs; then nobody, so that a timer left behind keeps none alive. */
  current: ManagedAction | undefined;
}

/** An action of another process or thread: a parent for actions here, and the cause of nothing. */
export interface RemoteAction {
  readonly id: ActionId;
  readonly rootId: ActionId;
  readonly trigger: ActionTrigger;
}

/** With the local action in whose context it was set. */
interface RemoteCell {
  readonly action: RemoteAction;
  readonly within: ActionCell | undefined;
}

// One private key a concept. `createContextKey` gives the same key for the same text, so two
// copies of the package read each other's.
const RUN = createContextKey("@otel-lifecycle/api run v1");
const ACTION = createContextKey("@otel-lifecycle/api action v1");
const LAYER = Symbol.for("@otel-lifecycle/api context v1");
const DETACHED_FROM = createContextKey("@otel-lifecycle/api detached from action v1");

const REMOTE = createContextKey("@otel-lifecycle/api remote action v1");

/**
 * A context with a run and an action in it, as one layer over the context below. The API's own
 * `setValue` copies a map and makes three closures: every run would pay for that in time and,
 * while it is in flight, in memory, and every abort again.
 */
export class LifecycleContext implements Context {
  static {
    // So that another copy of the package knows it for a layer.
    Object.defineProperty(LifecycleContext.prototype, LAYER, { value: true });
  }

  readonly base: Context;
  readonly run: ManagedRun | undefined;
  readonly action: ActionCell | undefined;

  constructor(base: Context, run: ManagedRun | undefined, action: ActionCell | undefined) {
    this.base = base;
    this.run = run;
    this.action = action;
  }

  getValue(key: symbol): unknown {
    if (key === RUN) return this.run;
    return key === ACTION ? this.action : this.base.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return new LifecycleContext(this.base.setValue(key, value), this.run, this.action);
  }

  deleteValue(key: symbol): Context {
    return new LifecycleContext(this.base.deleteValue(key), this.run, this.action);
  }
}

/** The run in whose code the context is, if any. */
export const getRun = (context: Context): ManagedRun | undefined =>
  context.getValue(RUN) as ManagedRun | undefined;

export const setRun = (context: Context, run: ManagedRun | undefined): Context =>
  context === ROOT_CONTEXT
    ? new LifecycleContext(context, run, undefined)
    : new LifecycleContext(baseOf(context), run, getAction(context));

/** The action in whose code the context is, if any. */
export const getAction = (context: Context): ActionCell | undefined =>
  context.getValue(ACTION) as ActionCell | undefined;

export const setAction = (context: Context, cell: ActionCell): Context =>
  new LifecycleContext(baseOf(context), getRun(context), cell);

export const setDetachedFrom = (context: Context, action: ActionRef): Context =>
  context.setValue(DETACHED_FROM, action);

/** The action in whose code something begins, detached or not. */
export const getBegunIn = (context: Context): ActionRef | undefined =>
  getAction(context)?.ref ?? (context.getValue(DETACHED_FROM) as ActionRef | undefined);

/**
 * Not in the place of a local action, because what looks there for who closed a run must not find
 * what came in.
 */
export const setRemoteAction = (context: Context, action: RemoteAction): Context =>
  context.setValue(REMOTE, { action, within: getAction(context) } satisfies RemoteCell);

/** The remote action in whose name the context is, unless a local one was begun in it since. */
export const getRemoteAction = (context: Context): RemoteAction | undefined => {
  const remote = context.getValue(REMOTE) as RemoteCell | undefined;
  return remote?.within === getAction(context) ? remote?.action : undefined;
};

// One layer is enough, however deep runs and actions are nested.
const baseOf = (context: Context): Context => (isLayer(context) ? context.base : context);

/** True if the context is a layer of ours, so that its run is a field of it. */
export const isLayer = (context: Context): context is LifecycleContext => LAYER in context;
