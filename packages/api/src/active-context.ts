import { type Context, context, ROOT_CONTEXT } from "@opentelemetry/api";
import { registry } from "./registry.ts";

/**
 * The active context. Where no context manager is registered the api's is the root for ever, so
 * the package's own `AsyncLocalStorage` stands in, and runs and actions are current there too.
 */
export const activeContext = (): Context => {
  const active = context.active();
  return active === ROOT_CONTEXT ? (registry.fallback.getStore() ?? active) : active;
};

/** Calls `fn` with `entered` active, whether or not a context manager is registered. */
export const enterContext = <A, T>(entered: Context, fn: (argument: A) => T, argument: A): T =>
  context.with(entered, enter<A, T>, undefined, entered, fn, argument);

const enter = <A, T>(entered: Context, fn: (argument: A) => T, argument: A): T =>
  // Because the no-op context manager calls `fn` and changes nothing.
  activeContext() === entered ? fn(argument) : registry.fallback.run(entered, fn, argument);
