import { EventEmitter } from "node:events";
import process from "node:process";

type Method = (this: unknown, ...args: readonly unknown[]) => unknown;

/**
 * Leaves `hidden` out of what the process tells of its listeners: libraries count them when they
 * are set up, and again before they re-raise a signal. Returns its undoing.
 */
export const hideListener = (hidden: unknown): (() => void) => {
  const isOther = (one: unknown): boolean => one !== hidden;
  const undos = [
    replace("listeners", (inner) => without(inner, isOther)),
    replace("rawListeners", (inner) => without(inner, isOther)),
    replace("listenerCount", (inner) => (...args) => {
      const count = Number(Reflect.apply(inner, process, args));
      // With a listener given, Node counts that one alone.
      const isAll = args.length < 2 || args[1] === undefined;
      return isAll && !trueListeners(args[0]).every(isOther) ? count - 1 : count;
    }),
  ];
  return () => {
    for (const undo of undos) undo();
  };
};

/** The process's listeners, with the one that is hidden. */
export const trueListeners = (event: unknown): readonly unknown[] =>
  Reflect.apply(EventEmitter.prototype.listeners, process, [event]);

const without =
  (inner: Method, isOther: (one: unknown) => boolean): Method =>
  (...args) => {
    const all = Reflect.apply(inner, process, args);
    return Array.isArray(all) ? all.filter(isOther) : all;
  };

const replace = (name: string, around: (inner: Method) => Method): (() => void) => {
  const before = Object.getOwnPropertyDescriptor(process, name);
  const method = around(Reflect.get(process, name));
  Object.defineProperty(process, name, { value: method, writable: true, configurable: true });
  return () => {
    // Another's may stand on ours by now; then ours stays, and has nothing to hide.
    if (Reflect.get(process, name) !== method) return;
    if (before !== undefined) Object.defineProperty(process, name, before);
    else Reflect.deleteProperty(process, name);
  };
};
