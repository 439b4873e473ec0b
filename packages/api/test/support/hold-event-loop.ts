/** Holds the event loop, so that a timer that is due cannot fire: what a busy process does. */
export function holdEventLoop(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}
