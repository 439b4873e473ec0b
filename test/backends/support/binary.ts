import { describe, test } from "vitest";
import { type BackendName, binaryOf } from "../../../scripts/backends/pins.mjs";

/** A backend that these tests start: the Collector, or Jaeger. */
export type BinaryName = BackendName;

/** The path of a backend's binary. Throws if it is not there: ask within {@link describeWith}. */
export const requireBinary = (name: BinaryName): string => {
  const { path, isThere } = binaryOf(name);
  if (!isThere) throw new Error(`${path} is not there: build it with \`pnpm backends\``);
  return path;
};

/**
 * A suite that needs the named binaries. Where one of them is missing it is skipped, which the end
 * of the run says, but in CI it fails: a skipped suite would look green there.
 */
export const describeWith = (
  binaries: readonly BinaryName[],
  title: string,
  suite: () => void,
): void => {
  const missing = binaries.filter((name) => !binaryOf(name).isThere);
  if (missing.length === 0) return void describe(title, suite);
  const names = missing.join(" and ");
  describe(title, () => {
    test(`${names} is there`, ({ skip }) => {
      skip(!process.env["CI"], `${names} not built: run \`pnpm backends\``);
      for (const name of missing) requireBinary(name);
    });
  });
};
