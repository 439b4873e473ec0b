import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInChromium, launchChromium } from "../support/chromium.ts";
import { openFile } from "./picture-page.ts";
import { closed } from "./spans.ts";

describeInChromium("the incident of a run", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  test("stands in its details, and in those of no other", async () => {
    const spans = [
      closed("r1", [0, 10], "upstream_disconnect", {
        "lifecycle.incident.cause": "provider_transport_disconnect",
        "lifecycle.incident.subcause": "during_text_generation",
        "lifecycle.incident.phase": "streaming",
        "lifecycle.incident.retry.recommendation": "offer_continue",
      }),
      closed("r2", [20, 30], "upstream_disconnect"),
    ];
    const { page, complaints } = await openFile(browser, spans);
    const [first, second] = await page.locator("#rows .run").all();
    await first?.click();
    expect(await page.locator("#details .incident").allTextContents()).toEqual([
      "the provider's connection broke in the middle of text; offer to continue",
    ]);
    const facts = page.locator("#details-content dl:not(.ids)");
    const [names, values] = await Promise.all(
      ["dt", "dd"].map((tag) => facts.locator(tag).allTextContents()),
    );
    const pairs = names?.map((name, at) => [name, values?.[at]]) ?? [];
    expect(pairs.slice(-6, -2)).toEqual([
      ["Cause", "provider_transport_disconnect"],
      ["Subcause", "during_text_generation"],
      ["Phase", "streaming"],
      ["Retry advice", "offer_continue"],
    ]);
    await second?.click();
    expect(await page.locator("#details .ids code").first().textContent()).toBe("r2");
    expect(await page.locator("#details .incident").count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
