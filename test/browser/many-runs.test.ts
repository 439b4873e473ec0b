import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInChromium, launchChromium } from "../support/chromium.ts";
import { openFile } from "./picture-page.ts";
import { action, closed, stopped } from "./spans.ts";

const HOUR = 3_600_000;

describeInChromium("many runs", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  test("of ten thousand over hours a few rows at a time are in the document, and the last one can be seen", async () => {
    const runs = Array.from({ length: 10_000 }, (_, n) =>
      stopped(`run-${n}`, [n, 2 * HOUR + 3 + n / 1000], "01root", 0.003),
    );
    const spans = [
      action("01root", [2 * HOUR, 2 * HOUR + 15]),
      ...runs,
      closed("other", [0, HOUR], "timeout"),
    ];
    const { page, complaints } = await openFile(browser, spans);
    const nodes = () => page.evaluate<number>("document.querySelectorAll('*').length");
    // Folded, and told by the density of their ends.
    expect(await page.locator("#rows [role=row]").count()).toBe(3);
    expect(await page.locator("#row-0 canvas").count()).toBe(1);

    await page.locator("#grid").focus();
    await page.keyboard.press("ArrowRight");
    expect(await page.locator("#grid").getAttribute("aria-rowcount")).toBe("10004");
    expect(await nodes()).toBeLessThan(1000);
    await page.locator("#row-10000").waitFor({ state: "detached" });
    await page.locator("#grid").evaluate((grid) => (grid.scrollTop = grid.scrollHeight));
    const last = page.locator("#row-10002");
    await last.waitFor();
    expect(await last.locator(".aside").textContent()).toBe("other");
    await page.keyboard.press("End");
    for (let up = 0; up < 2; up += 1) await page.keyboard.press("ArrowUp");
    expect(await page.locator("#row-10000 .aside").textContent()).toBe("run-9999");
    expect(await page.locator("#row-10000").getAttribute("aria-posinset")).toBe("10000");
    expect(await nodes()).toBeLessThan(1000);

    // Three milliseconds of two hours.
    const delay = page.locator("#row-10000 .delay");
    expect((await delay.boundingBox())?.width).toBeLessThan(6);
    await page.keyboard.press("z");
    expect((await delay.boundingBox())?.width).toBeGreaterThan(40);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test.each([
    [30, 30],
    [31, 30],
  ])("of %i classes %i have a button", async (classes, buttons) => {
    const runs = Array.from({ length: classes }, (_, n) => closed(`r${n}`, [0, 1], `class_${n}`));
    const { page } = await openFile(browser, runs);
    expect(await page.locator(".chip").count()).toBe(buttons);
    await page.context().close();
  });
});
