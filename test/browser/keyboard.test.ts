import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInChromium, launchChromium } from "../support/chromium.ts";
import { openFile, rowsOf } from "./picture-page.ts";
import { FAN_OUT } from "./spans.ts";

describeInChromium("the rows by keyboard", () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await launchChromium();
    ({ page } = await openFile(browser, FAN_OUT, {
      permissions: ["clipboard-read", "clipboard-write"],
    }));
  });
  afterAll(() => browser.close());

  /** What assistive technology is told is active, after a key. */
  async function activeAfter(...keys: readonly string[]): Promise<string> {
    for (const key of keys) await page.keyboard.press(key);
    const id = await page.locator("#grid").getAttribute("aria-activedescendant");
    const row = page.locator(`#${id}`);
    expect(await row.getAttribute("aria-selected")).toBe("true");
    return (await row.locator(".name").textContent()) ?? "";
  }

  test("the arrows go through the rows, Home and End to their ends, and not beyond", async () => {
    await page.locator("#grid").focus();
    expect(await activeAfter("ArrowUp")).toContain("dispose_all instance_store");
    expect(await activeAfter("ArrowDown")).toContain("r1");
    expect(await activeAfter("End", "ArrowDown")).toContain("completed");
    expect(await activeAfter("ArrowUp")).toContain("r6");
    expect(await activeAfter("Home")).toContain("POST /global/dispose");
  });

  test("left goes to the parent and folds it, right unfolds it and goes in", async () => {
    const all = await rowsOf(page);
    expect(await activeAfter("ArrowDown", "ArrowDown", "ArrowLeft")).toContain(
      "POST /global/dispose",
    );
    expect(await activeAfter("ArrowLeft")).toContain("POST /global/dispose");
    expect(await rowsOf(page)).toEqual(all.filter((_, at) => at < 1 || at > 4));
    expect(await page.locator("#row-0").getAttribute("aria-expanded")).toBe("false");
    expect(await activeAfter("ArrowRight")).toContain("POST /global/dispose");
    expect(await rowsOf(page)).toEqual(all);
    expect(await activeAfter("ArrowRight")).toContain("r1");
  });

  test("Enter opens the details, where an id can be copied, and Escape leads back", async () => {
    await page.keyboard.press("Enter");
    expect(await page.locator(":focus").getAttribute("id")).toBe("details-title");
    expect(await page.locator("#details .meaning").textContent()).toBe(
      "Closed by dispose_all instance_store",
    );
    const copy = page.getByRole("button", { name: "Copy trace id" });
    await copy.focus();
    await page.keyboard.press("Enter");
    await page.getByText("Copied").waitFor();
    expect(await page.evaluate("navigator.clipboard.readText()")).toBe("3".padStart(32, "0"));
    await page.keyboard.press("Escape");
    expect(await page.locator("#details").isVisible()).toBe(false);
    expect(await page.locator(":focus").getAttribute("id")).toBe("grid");
  });

  test("Z zooms to the action, where the delay has a length, and Escape shows all again", async () => {
    const delay = page.locator("#row-1 .delay");
    const before = await delay.boundingBox();
    const range = await page.locator("#range").textContent();
    await page.keyboard.press("z");
    const zoomed = await delay.boundingBox();
    expect((zoomed?.width ?? 0) / (before?.width ?? 1)).toBeGreaterThan(3);
    expect(await page.locator("#row-1 .bar.cut-before").count()).toBe(1);
    await page.keyboard.press("Escape");
    expect(await page.locator("#range").textContent()).toBe(range);
    expect(await delay.boundingBox()).toEqual(before);
  });

  test("plus, minus, zero and shifted arrows change the window", async () => {
    const ranges = new Set<string | null>();
    for (const key of ["0", "+", "+", "Shift+ArrowRight", "Shift+ArrowRight", "-", "0"]) {
      await page.keyboard.press(key);
      ranges.add(await page.locator("#range").textContent());
    }
    expect([...ranges].map((range) => range?.split(", ")[1])).toEqual([
      "6.45 s",
      "3.22 s",
      "1.61 s",
      "1.61 s",
      "3.22 s",
    ]);
  });
});
