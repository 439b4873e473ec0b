import process from "node:process";
/**
 * Has `step` run if the process exits before the result is called. A listener of `exit` that calls
 * `process.exit()` gets no second `exit`: Node goes straight to `process.reallyExit`.
 */
export const beforeReallyExit = (step: () => void): (() => void) => {
  // Not in Node's types, though libraries have replaced it for ten years.
  const host = process as { reallyExit?: unknown };
  const before = host.reallyExit;
  if (typeof before !== "function") return () => undefined;
  const reallyExit = function (this: unknown, ...args: readonly unknown[]): unknown {
    step();
    return Reflect.apply(before, this, args);
  };
  host.reallyExit = reallyExit;
  return () => {
    if (host.reallyExit === reallyExit) host.reallyExit = before;
  };
};
