const NO_REASON = "no reason is given";

/**
 * A reporter of vitest that says at the very end, after the summary, what was skipped and why, a
 * line for each file and reason: what has scrolled by was not said. What `-t` leaves out is meant.
 * @param {{ write: (text: string) => unknown }} [out]
 * @returns {import("vitest/node").Reporter}
 */
export function reportSkipped(out = process.stdout) {
  let isFiltered = false;
  return {
    onInit: ({ config }) => {
      isFiltered = config.testNamePattern !== undefined;
    },
    onTestRunEnd: (modules) => {
      const skipped = modules
        .flatMap((module) => [...module.children.allTests("skipped")])
        .filter((test) => !isFiltered || reasonOf(test) !== NO_REASON);
      if (skipped.length === 0) return;
      const lines = new Set(
        skipped.map((test) => `${test.module.relativeModuleId}: ${reasonOf(test)}`),
      );
      out.write(`\nSKIPPED, so this run says nothing of it:\n  ${[...lines].join("\n  ")}\n`);
    },
  };
}

/** @param {import("vitest/node").TestCase} test */
function reasonOf(test) {
  const result = test.result();
  const note = result.state === "skipped" ? result.note : undefined;
  return note ?? test.meta().platform ?? NO_REASON;
}
