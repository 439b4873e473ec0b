import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInChromium, launchChromium } from "../support/chromium.ts";
import { openFile } from "./picture-page.ts";
import { action, closed, completed, stopped } from "./spans.ts";

const LOST = {
  "lifecycle.run.result": "lost",
  "lifecycle.run.recovered": true,
  "lifecycle.close.via": "journal",
  "error.type": "process_lost",
};

describeInChromium("runs that were lost with their process", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  test("are counted apart from those that stopped, and say how it ended, as far as is known", async () => {
    const spans = [
      action("01root", [5, 20], {
        "lifecycle.action.result": "unsettled",
        "lifecycle.action.unsettled_run_count": 1,
      }),
      stopped("r1", [0, 10], "01root", 0.001),
      closed("r2", [1, 20], "lifecycle_action", {
        ...LOST,
        "lifecycle.close.confidence": "medium",
        "lifecycle.close.action.id": "01root",
        "lifecycle.close.action.kind": "dispose_all",
        "lifecycle.loss.reason": "signal",
        "lifecycle.loss.source": "supervisor",
        "lifecycle.loss.signal": "SIGKILL",
      }),
      closed("r3", [2, 20], "process_lost", { ...LOST, "lifecycle.loss.reason": "unknown" }),
      completed("r4", [3, 4]),
    ];
    const { page, complaints } = await openFile(browser, spans);
    expect(await page.locator("h1").textContent()).toBe("1 action stopped 1 of 4 runs");
    expect(await page.locator("#rest").textContent()).toBe(
      "2 lost with the process · 1 completed · slowest to stop 1 ms",
    );
    const told = async (id: string) => {
      await page.locator("#rows .run", { hasText: id }).click();
      const names = await page.locator("#details-content dl:not(.ids) dt").allTextContents();
      const values = await page.locator("#details-content dl:not(.ids) dd").allTextContents();
      const facts = Object.fromEntries(names.map((name, at) => [name, values[at]]));
      const { Result, Recovered, "Process ended": ended, "Said by": by } = facts;
      return [await page.locator("#details .lead").textContent(), Result, Recovered, ended, by];
    };
    expect(await told("r2")).toEqual([
      "lost with its process, killed by SIGKILL, recovered",
      "lost",
      "from a journal",
      "killed by SIGKILL",
      "supervisor",
    ]);
    expect(await told("r3")).toEqual([
      "lost with its process, recovered",
      "lost",
      "from a journal",
      "nobody has said how",
      undefined,
    ]);
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});
