import { type Browser, chromium } from "playwright-core";
import { describe, test } from "vitest";
import { chromiumPath } from "../../scripts/backends/chromium.mjs";

// What a browser does of its own accord has no place in a test, least of all requests.
const SWITCHES = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
] as const;

const found = chromiumPath();

/**
 * A suite that needs a browser. Where there is none it is skipped, which the end of the run says,
 * but in CI it fails: a skipped suite would look green there.
 */
export const describeInChromium = (title: string, suite: () => void): void => {
  if (found !== undefined) return void describe(title, suite);
  describe(title, () => {
    test("there is a Chromium", ({ skip }) => {
      skip(!process.env["CI"], "no Chromium: install one, or name it in CHROMIUM_PATH");
      throw new Error("there is no Chromium");
    });
  });
};

/** Starts a headless Chromium. */
export const launchChromium = (): Promise<Browser> => {
  if (found === undefined) throw new Error("there is no Chromium");
  return chromium.launch({ executablePath: found, args: [...SWITCHES] });
};
