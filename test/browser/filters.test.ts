import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { describeInChromium, launchChromium } from "../support/chromium.ts";
import { openFile, rowsOf } from "./picture-page.ts";
import { FAN_OUT, type Span } from "./spans.ts";

const ELSEWHERE: readonly Span[] = FAN_OUT.map((span, at) =>
  at % 4 === 3 ? { ...span, service: "worker" } : span,
);

describeInChromium("the filters", () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await launchChromium();
    ({ page } = await openFile(browser, ELSEWHERE));
  });
  beforeEach(async () => {
    const reset = page.getByRole("button", { name: "Reset" });
    if (await reset.isVisible()) await reset.click();
  });
  afterAll(() => browser.close());

  const shown = () => page.locator("#shown").textContent();
  const chips = () => page.locator(".chip").allInnerTexts();

  test("without one all runs are shown", async () => {
    expect(await shown()).toBe("8 runs");
    expect((await chips()).map((chip) => chip.replaceAll("\n", " "))).toEqual([
      "A action 3",
      "U user 1",
      "E error 1",
      "? nobody known 1",
      "✓ completed 2",
    ]);
  });

  test("classes add up, and pressing one again takes it away", async () => {
    const user = page.getByRole("button", { name: "user" });
    await user.click();
    expect(await shown()).toBe("1 of 8 runs");
    await page.getByRole("button", { name: "error" }).click();
    expect(await shown()).toBe("2 of 8 runs");
    expect(await rowsOf(page)).toEqual([
      "user 1 run",
      "agent run r4",
      "error 1 run",
      "agent run r5",
    ]);
    expect(await user.getAttribute("aria-pressed")).toBe("true");
    await user.click();
    expect(await shown()).toBe("1 of 8 runs");
  });

  test("by scope", async () => {
    await page.getByRole("combobox", { name: "Scope" }).selectOption("directory");
    expect(await shown()).toBe("8 runs");
    await page.getByRole("combobox", { name: "Scope" }).selectOption("instance");
    expect(await shown()).toBe("0 of 8 runs");
  });

  test("by service, because there are several", async () => {
    await page.getByRole("combobox", { name: "Service" }).selectOption("worker");
    expect(await shown()).toBe("2 of 8 runs");
    expect(await rowsOf(page)).toEqual([
      "dispose_all instance_store POST /global/dispose",
      "agent run r2",
      "nobody known 1 run",
      "agent run r6",
    ]);
  });

  test("by action", async () => {
    await page.getByRole("combobox", { name: "Action" }).selectOption("01root");
    expect(await shown()).toBe("3 of 8 runs");
    expect((await rowsOf(page)).length).toBe(5);
    await page.getByRole("combobox", { name: "Action" }).selectOption("02nested");
    expect(await shown()).toBe("0 of 8 runs");
  });

  test("by a text in an id, a name, an error, or the action", async () => {
    const search = page.getByRole("searchbox", { name: "Search names and ids" });
    for (const [text, runs] of [
      ["R4", "1 of 8 runs"],
      ["typeerror", "1 of 8 runs"],
      ["global/dispose", "3 of 8 runs"],
      ["agent", "8 runs"],
      ["nothing like it", "0 of 8 runs"],
    ] as const) {
      await search.fill(text);
      expect([text, await shown()]).toEqual([text, runs]);
    }
    expect(await page.locator("#empty h2").textContent()).toBe("No run matches");
    await page.getByRole("button", { name: "Reset" }).click();
    expect([await shown(), await search.inputValue()]).toEqual(["8 runs", ""]);
  });
});
