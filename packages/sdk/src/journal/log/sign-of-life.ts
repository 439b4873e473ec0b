import { futimesSync } from "node:fs";
import type { Tape } from "./tape.ts";

/** Touches the newest segment where nothing was written to it for 5 s. Returns what stops that. */
export const showLife = (tape: Tape): (() => void) => {
  let seen = tape.written;
  const timer = setInterval(() => {
    if (tape.fd < 0) return;
    if (tape.written === seen) touch(tape.fd);
    seen = tape.written;
  }, INTERVAL_MS).unref();
  return () => clearInterval(timer);
};

const INTERVAL_MS = 5000;

const touch = (fd: number): void => {
  try {
    const now = Date.now() / 1000;
    futimesSync(fd, now, now);
  } catch {
    // The last sign of life is an earlier one then: less exact, and still true.
  }
};
