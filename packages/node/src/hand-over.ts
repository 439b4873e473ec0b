import type { TracerProvider } from "@opentelemetry/api";
import type { Api } from "./api-copies.ts";
import { attempt } from "./diagnostics.ts";

/** Which of the API's globals are ours, to be given up when someone else registers theirs. */
export interface Owned {
  readonly context: boolean;
  readonly propagation: boolean;
  /** Is called after another provider has been registered in the place of ours. */
  onSuccessor(successor: TracerProvider): void;
}

/**
 * Lets another SDK register itself later, as if nobody had: while we own one of the API's globals,
 * registering it steps ours back first. Each goes by itself, because an SDK may bring some of them
 * only, and what it does not replace goes on working; in which order they come differs by SDK.
 *
 * Because the API refuses a second registration with an error, and has no event to tell us by, its
 * methods are wrapped until then, in every copy through which the other one may come.
 */
export function stepBackForOthers(copies: readonly Api[], owned: Owned): void {
  const { context, propagation, onSuccessor } = owned;
  yieldOnce(copies, "trace", "setGlobalTracerProvider", (provider) =>
    onSuccessor(provider as TracerProvider),
  );
  if (context) yieldOnce(copies, "context", "setGlobalContextManager");
  if (propagation) yieldOnce(copies, "propagation", "setGlobalPropagator");
}

/** Lets the next logger replace ours without the two warnings that the API has for that. */
export function letLoggerBeReplaced(copies: readonly Api[]): void {
  const restorers = copies.map(({ diag }) => {
    const { setLogger } = diag;
    const quietly: typeof setLogger = (logger, options) => {
      for (const restore of restorers) restore();
      const given = typeof options === "number" ? { logLevel: options } : options;
      return setLogger(logger, { ...given, suppressOverrideMessage: true });
    };
    diag.setLogger = quietly;
    return () => {
      if (diag.setLogger === quietly) diag.setLogger = setLogger;
    };
  });
}

type Global = "trace" | "context" | "propagation";
type Register = (instance: unknown) => boolean;

function yieldOnce(
  copies: readonly Api[],
  global: Global,
  method: string,
  onTaken?: (instance: unknown) => void,
): void {
  const restorers = copies.map((copy) => {
    const api = copy[global];
    return replaceMethod(api, method, (register) => (instance) => {
      for (const restore of restorers) restore();
      api.disable();
      const isRegistered = register.call(api, instance);
      if (isRegistered) attempt("stepping back for another SDK", () => onTaken?.(instance));
      return isRegistered;
    });
  });
}

/** Replaces a method of an object for a while; gives the function that puts back what was there. */
function replaceMethod(
  object: object,
  name: string,
  wrap: (original: Register) => Register,
): () => void {
  const methods = object as Record<string, Register>;
  const isOwn = Object.hasOwn(object, name);
  const original = methods[name];
  if (original === undefined) return () => {};
  const wrapped = wrap(original);
  methods[name] = wrapped;
  return () => {
    // Who wrapped it after us calls us still, and we only what was there.
    if (methods[name] !== wrapped) return;
    if (isOwn) methods[name] = original;
    else delete methods[name];
  };
}
