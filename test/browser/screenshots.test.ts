import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInChromium, launchChromium } from "../support/chromium.ts";
import { openFile } from "./picture-page.ts";
import { action, closed, completed, FAN_OUT, type Span, stopped } from "./spans.ts";

// Kept for eyes, which see what no assertion does: SCREENSHOTS_DIR=… npx vitest run test/browser/screenshots
const folder = process.env["SCREENSHOTS_DIR"];

const VIEWS = [
  { name: "light", viewport: { width: 1440, height: 900 }, colorScheme: "light" },
  { name: "dark", viewport: { width: 1440, height: 900 }, colorScheme: "dark" },
  { name: "narrow", viewport: { width: 360, height: 740 }, colorScheme: "light" },
] as const;

describeInChromium("pictures of the picture", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
    if (folder !== undefined) mkdirSync(folder, { recursive: true });
  });
  afterAll(() => browser.close());

  test.each(VIEWS)(
    "every state is drawn without a complaint: $name",
    async ({ name, ...options }) => {
      for (const [what, spans] of [
        ["few", FAN_OUT],
        ["many", manyRuns()],
        ["completed", [completed("r1", [0, 10]), completed("r2", [5, 20])]],
        ["empty", []],
      ] as const) {
        const { page, complaints } = await openFile(browser, spans, options);
        const shoot = (moment: string) =>
          page.screenshot(folder ? { path: join(folder, `${what}-${moment}-${name}.png`) } : {});
        await shoot("first");
        if (spans.length > 2) {
          await page.locator("#row-0").click();
          await page.getByRole("button", { name: "Zoom to it" }).click();
          await page.keyboard.press("Escape");
          await page.keyboard.press("ArrowRight");
          await page.keyboard.press("ArrowDown");
          await shoot("zoomed");
          await page.keyboard.press("Enter");
          await shoot("details");
        }
        expect(complaints).toEqual([]);
        await page.context().close();
      }
    },
  );
});

/** Four hours with two actions, whose runs took milliseconds to stop, and other ends all the time. */
function manyRuns(): readonly Span[] {
  const hour = 3_600_000;
  const actions = [1.5, 3.5].map((at, n) => action(`0${n}`, [at * hour, at * hour + 400]));
  const runs = Array.from({ length: 3000 }, (_, n) => {
    const start = ((n * 7919) % 14_000) * 1000;
    const classes = ["user_cancel", "client_disconnect", "timeout", "error", "process_lost"];
    if (n % 3 === 0) return completed(`r${n}`, [start, start + 90_000]);
    if (n % 3 === 1) return closed(`r${n}`, [start, start + 60_000], classes[n % 5] ?? "");
    const asked = (n % 2 === 0 ? 1.5 : 3.5) * hour + (n % 40);
    const delay = 5 + (n % 97) * 4;
    return stopped(
      `r${n}`,
      [asked - start / 3, asked + delay],
      n % 2 === 0 ? "00" : "01",
      delay / 1000,
    );
  });
  return [...actions, ...runs];
}
