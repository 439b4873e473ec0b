import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInChromium, launchChromium } from "../support/chromium.ts";
import { openFile } from "./picture-page.ts";
import { action, closed, type Span, stopped } from "./spans.ts";

describeInChromium("what a span says is text", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  test.each([
    ["</script><script>globalThis.pwned = 1</script>"],
    ["<img src=x onerror='globalThis.pwned = 1'>"],
    ["<svg onload='globalThis.pwned = 1'>"],
    ["\"'><iframe srcdoc='<script>parent.pwned = 1</script>'>"],
    ["<!--<script>"],
    ["]]>\u2028globalThis.pwned = 1\u2029//"],
    ["javascript:globalThis.pwned=1"],
    ["__proto__"],
    ["constructor"],
    ["$".concat("{globalThis.pwned = 1}$&`")],
  ])("in every field: %s", async (payload) => {
    const { page, requests, complaints } = await openFile(browser, everywhere(payload));
    const told = page.locator("#rows [role=row]:not(.group)");
    for (const row of await told.all()) {
      await row.hover();
      await row.click();
      expect(await page.locator("#details-content").textContent()).toContain(shown(payload));
    }
    expect([await told.count(), await page.locator("#rows .group").count()]).toEqual([5, 2]);
    expect(await page.evaluate("[typeof pwned, Object.prototype.pwned]")).toEqual([
      "undefined",
      undefined,
    ]);
    expect([complaints, requests.length]).toEqual([[], 1]);
    expect(await page.locator("img, svg, iframe, script:not([type])").count()).toBe(0);
    await page.context().close();
  });

  test("what moves or hides text is escaped, and a megabyte is cut", async () => {
    const spans = [
      closed("bidi \u202e\u2066", [0, 10], "user_cancel"),
      { ...closed("long", [0, 10], "user_cancel"), name: "n".repeat(2 ** 20) },
      { ...closed("lone", [0, 10], "user_cancel"), name: "\ud800 alone" },
    ];
    const { page, complaints } = await openFile(browser, spans);
    const texts = await page.locator("#rows .run .name").allTextContents();
    expect(texts).toEqual([
      "Uagent runbidi \\u202e\\u2066",
      "U\\ud800 alonelone",
      `U${"n".repeat(119)}…long`,
    ]);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

/** Line separators are no text that a screen shows. */
const shown = (payload: string): string =>
  payload.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029");

/**
 * An action, a run that it stopped, one that another closed, one of a class that has no colour,
 * and one whose incident cannot be told.
 */
function everywhere(text: string): readonly Span[] {
  const spans = [
    action(text, [0, 100], {
      "lifecycle.action.kind": text,
      "lifecycle.action.trigger": text,
      "lifecycle.action.operation": text,
      "lifecycle.action.signal": text,
      "lifecycle.action.result": text,
      "lifecycle.scope.kind": text,
      "lifecycle.scope.key": text,
      "error.type": text,
    }),
    stopped(text, [0, 50], text, 0.01),
    closed(text, [0, 50], "error", { "error.type": text, "lifecycle.close.missing": [text] }),
    closed(text, [0, 50], text, {
      "lifecycle.run.result": text,
      "lifecycle.close.confidence": text,
      "lifecycle.close.via": text,
      "lifecycle.scope.kind": text,
      "lifecycle.scope.key": text,
      "lifecycle.incident.cause": "user_cancel",
      "lifecycle.incident.subcause": text,
      "lifecycle.incident.phase": text,
      "lifecycle.incident.retry.recommendation": text,
    }),
    closed(text, [0, 50], "error", { "lifecycle.incident.cause": text }),
  ];
  return spans.map((span) => ({ ...span, name: text, service: text }));
}
