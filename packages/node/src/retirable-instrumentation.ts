import { ProxyTracerProvider, type TracerProvider } from "@opentelemetry/api";

/** What we use of an instrumentation; what begins with an underscore is protected, so only looked for. */
export interface Instrumentation {
  disable(): void;
  setTracerProvider(provider: TracerProvider): void;
  _wrap?: Wrap;
  _unwrap?: (target: Target, name: string) => unknown;
}

type Target = Readonly<Record<string, unknown>>;
type Wrap = (target: Target, name: string, wrapper: unknown) => unknown;

/**
 * Prepares an instrumentation for being retired beside another one of its kind; gives the function
 * that retires it.
 *
 * `disable()` alone is not enough: it takes off whatever wraps a function last, which may be the
 * other's, and it leaves what it put on the exports of ES modules. So it may take off only what
 * this one has put on, and what is left makes no spans.
 */
export function retirable(instrumentation: Instrumentation): () => void {
  const { _wrap: wrap, _unwrap: unwrap } = instrumentation;
  const wrappers = new WeakSet<object>();
  if (wrap !== undefined) {
    instrumentation._wrap = (target, name, wrapper) => {
      const wrapped = wrap(target, name, wrapper);
      if (typeof wrapped === "function") wrappers.add(wrapped);
      return wrapped;
    };
  }
  return () => {
    if (wrap !== undefined && unwrap !== undefined) {
      instrumentation._unwrap = (target, name) => {
        if (wrappers.has(Object(target[name]))) unwrap(target, name);
      };
    }
    instrumentation.setTracerProvider(new ProxyTracerProvider());
    instrumentation.disable();
  };
}
