import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { onTestFinished } from "vitest";

type Call = "writeSync" | "unlinkSync" | "openSync" | "closeSync" | "futimesSync" | "fdatasync";

/**
 * Puts something before or around one of Node's own calls, as a disk would, until the test is over:
 * the code under test runs as it is.
 */
export const around = <K extends Call>(
  call: K,
  wrap: (real: (typeof fs)[K]) => (typeof fs)[K],
): void => {
  const real = fs[call];
  fs[call] = wrap(real);
  syncBuiltinESMExports();
  onTestFinished(() => {
    fs[call] = real;
    syncBuiltinESMExports();
  });
};
