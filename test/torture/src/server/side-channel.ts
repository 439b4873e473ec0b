import { openSync, writeSync } from "node:fs";
import type { Step } from "../truth/steps.ts";

/** Writes a step before it returns. */
export type Tell = (step: Step) => void;

/** Opens the file in which the driver reads, after the server's death, what that did. */
export const openSideChannel = (path: string): Tell => {
  const file = openSync(path, "a", 0o600);
  return (step) => {
    writeSync(file, `${JSON.stringify(step)}\n`);
  };
};
