import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInChromium, launchChromium } from "../support/chromium.ts";
import { openFile } from "./picture-page.ts";
import { FAN_OUT } from "./spans.ts";

describeInChromium("the picture by mouse", () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await launchChromium();
    ({ page } = await openFile(browser, FAN_OUT));
  });
  afterAll(() => browser.close());

  const length = async () => (await page.locator("#range").textContent())?.split(", ")[1];

  /** Presses at one part of the strip's width and lets go at another. */
  async function drag(from: number, to: number): Promise<void> {
    const strip = await page.locator("#overview").boundingBox();
    if (strip === null) throw new Error("there is no strip");
    const at = (part: number) =>
      [strip.x + strip.width * part, strip.y + strip.height / 2] as const;
    await page.mouse.move(...at(from));
    await page.mouse.down();
    await page.mouse.move(...at(to), { steps: 4 });
    await page.mouse.up();
  }

  test("dragging over the strip chooses a window, either way, and a click moves it", async () => {
    expect(await length()).toBe("6.45 s");
    await drag(0.25, 0.75);
    expect(await length()).toBe("3.22 s");
    const frame = await page.locator("#window").boundingBox();
    await drag(0.3, 0.3);
    expect(await length()).toBe("3.22 s");
    const moved = await page.locator("#window").boundingBox();
    expect((moved?.x ?? 0) - (frame?.x ?? 0)).toBeLessThan(-50);
    await drag(0.6, 0.5);
    expect(await length()).toBe("645 ms");
    await page.getByRole("button", { name: "Show all of the time" }).click();
    expect(await length()).toBe("6.45 s");
    expect(await page.locator("#window").isVisible()).toBe(false);
  });

  test("hovering a bar tells what it is, and what it is goes away again", async () => {
    await page.locator("#row-1 .bar").hover();
    expect(await page.locator("#tooltip").innerHTML()).toContain("stopped after 200 ms");
    await page.locator("h1").hover();
    expect(await page.locator("#tooltip").isVisible()).toBe(false);
  });

  test("the triangle folds, the rest of a row opens its details", async () => {
    await page.locator("#row-0 .twisty").click();
    expect(await page.locator("#row-0").getAttribute("aria-expanded")).toBe("false");
    expect(await page.locator("#details").isVisible()).toBe(false);
    await page.locator("#row-0 .twisty").click();
    await page.locator("#row-3 .title").click();
    expect(await page.locator("#details .ids code").first().textContent()).toBe("r3");
    await page.getByRole("button", { name: "dispose_all instance_store" }).click();
    expect(await page.locator("#details .ids code").first().textContent()).toBe("01root");
    await page.getByRole("button", { name: "Close details" }).click();
    expect(await page.locator("#details").isVisible()).toBe(false);
  });
});
