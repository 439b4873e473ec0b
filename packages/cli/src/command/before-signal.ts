const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/**
 * Calls a function before SIGINT or SIGTERM ends the process, which then ends by that signal as if
 * nobody had listened: a shell tells from it that the user broke off. Returns what undoes this.
 */
export function beforeSignal(call: () => void): () => void {
  function undo(): void {
    for (const signal of SIGNALS) process.off(signal, end);
  }
  function end(signal: NodeJS.Signals): void {
    undo();
    call();
    process.kill(process.pid, signal);
  }
  for (const signal of SIGNALS) process.on(signal, end);
  return undo;
}
