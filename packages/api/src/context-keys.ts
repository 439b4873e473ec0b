import { type Context, createContextKey } from "@opentelemetry/api";
import type { ManagedAction } from "./actions/managed-action.ts";
import type { ActionRef } from "./closes/close.ts";

// One private key a concept; the run has a module of its own. `createContextKey` gives the same key for the same text, so two
// copies of the package read each other's.
const ACTION = createContextKey("@otel-lifecycle/api action v1");
const DETACHED_FROM = createContextKey("@otel-lifecycle/api detached from action v1");

/** What a context holds of an action: small, and empty of it once the action's code is done. */
export interface ActionCell {
  readonly ref: ActionRef;
  /** The action while its function runs; then nobody, so that a timer left behind keeps none alive. */
  current: ManagedAction | undefined;
}

export const setAction = (context: Context, cell: ActionCell): Context =>
  context.setValue(ACTION, cell);

export const getAction = (context: Context): ActionCell | undefined =>
  context.getValue(ACTION) as ActionCell | undefined;

export const setDetachedFrom = (context: Context, action: ActionRef): Context =>
  context.setValue(DETACHED_FROM, action);

/** The action in whose code something begins, detached or not. */
export const getBegunIn = (context: Context): ActionRef | undefined =>
  getAction(context)?.ref ?? (context.getValue(DETACHED_FROM) as ActionRef | undefined);
