/** What is registered with the API in this process, by whichever copy of it. */
export interface RegisteredGlobals {
  readonly version?: string;
  readonly trace?: object;
  readonly context?: object;
  readonly propagation?: object;
  readonly diag?: object;
}

/**
 * Looks without touching. Because the API has no way to ask: registering a second time logs an
 * error, and reading gives a no-op both for nothing and for a copy that is not compatible.
 */
export const registeredGlobals = (): RegisteredGlobals =>
  (globalThis as { [API]?: RegisteredGlobals })[API] ?? {};

const API = Symbol.for("opentelemetry.js.api.1");
