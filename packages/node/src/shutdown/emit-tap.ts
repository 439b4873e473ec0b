import process from "node:process";
import { attempt } from "./attempt.ts";

/** Stands around an emission: calls `emit` for it to take place, and returns what it returns. */
export type Tap = (args: readonly unknown[], emit: () => boolean) => boolean;

/** Taps into `process.emit`. */
export interface EmitTap {
  /** Taps in again if a library has put back an older `process.emit`. */
  readonly renew: () => void;
  readonly undo: () => void;
}

type Emit = (event: string | symbol, ...args: readonly unknown[]) => boolean;

const PROBE = Symbol("@otel-lifecycle/node probe");

/**
 * Puts a `tap` around the emission of some of the process's events. All else passes as it came:
 * same `this`, arguments, result and errors.
 *
 * Node binds `process.emit` to a signal when its first listener comes, so a signal that had
 * listeners before this is called is not seen here.
 */
export const tapEmit = (taps: ReadonlyMap<string | symbol, Tap>): EmitTap => {
  // An emission within one of the same event passes: one tap around both is enough, and two of
  // our wrappers may be on its way.
  const under = new Set<string | symbol>();
  let isOn = true;
  let wasReached = false;
  let undoTop = wrap();

  return {
    renew: () => {
      if (isOn && !isReached()) undoTop = wrap();
    },
    undo: () => {
      isOn = false;
      undoTop();
    },
  };

  function wrap(): () => void {
    const before = Object.getOwnPropertyDescriptor(process, "emit");
    const inner: Emit | undefined = before?.value;
    const emit = function (this: unknown, ...all: Parameters<Emit>): boolean {
      const pass = (): boolean => Reflect.apply(inner ?? inherited(), this, all);
      const [event, ...args] = all;
      if (event === PROBE) return (wasReached = true);
      const tap = isOn ? taps.get(event) : undefined;
      if (tap === undefined || under.has(event)) return pass();
      under.add(event);
      try {
        return tap(args, pass);
      } finally {
        under.delete(event);
      }
    };
    Object.defineProperty(process, "emit", { value: emit, writable: true, configurable: true });
    return () => {
      // Another's wrapper may stand on ours; then ours stays, and only passes on.
      if (process.emit !== emit) return;
      if (before !== undefined) Object.defineProperty(process, "emit", before);
      else Reflect.deleteProperty(process, "emit");
    };
  }

  function isReached(): boolean {
    wasReached = false;
    attempt("probe of process.emit", () => Reflect.apply(process.emit, process, [PROBE]));
    return wasReached;
  }
};

// Looked up at each call, because `node:domain` replaces it when it is loaded.
const inherited = (): Emit => Object.getPrototypeOf(process).emit;
