import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInChromium, launchChromium } from "../support/chromium.ts";
import { openFile, rowsOf } from "./picture-page.ts";
import { completed, FAN_OUT } from "./spans.ts";

describeInChromium("the page of a file", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  test("shows the fan-out, asks for nothing and complains about nothing", async () => {
    const { page, requests, complaints } = await openFile(browser, FAN_OUT);
    expect(await page.locator("h1").textContent()).toBe("1 action stopped 3 of 8 runs");
    expect(await page.locator("#rest").textContent()).toBe(
      "2 ended otherwise · 1 nobody is known to have closed · 2 completed · slowest to stop 1.2 s",
    );
    expect(await rowsOf(page)).toEqual([
      "dispose_all instance_store POST /global/dispose",
      "agent run r1",
      "agent run r2",
      "agent run r3",
      "dispose instance POST /global/dispose",
      "user 1 run",
      "agent run r4",
      "error 1 run",
      "agent run r5",
      "nobody known 1 run",
      "agent run r6",
      "completed 2 runs",
    ]);
    expect([requests.length, complaints]).toEqual([1, []]);
    await page.context().close();
  });

  test("its policy refuses what is not of it", async () => {
    const { page, complaints } = await openFile(browser, FAN_OUT);
    const refused = await page.evaluate(`(async () => {
      const script = document.createElement("script");
      try { script.textContent = "globalThis.pwned = 1"; } catch {}
      document.body.append(script);
      let markup = "taken";
      try { document.body.innerHTML = "<b>"; } catch { markup = "refused"; }
      const fetched = await fetch("http://127.0.0.1:9/").then(() => "sent", () => "refused");
      return [typeof pwned, markup, fetched];
    })()`);
    expect(refused).toEqual(["undefined", "refused", "refused"]);
    // So that a page without complaints is one that had nothing to complain about.
    expect(
      complaints.map((text) => /TrustedScript|TrustedHTML|connect-src|$/.exec(text)?.[0]),
    ).toEqual(["TrustedScript", "TrustedHTML", "connect-src", ""]);
    await page.context().close();
  });

  test("an input without a run says what to do", async () => {
    const { page } = await openFile(browser, [
      { name: "GET", start: 0, end: 1, attributes: { "http.request.method": "GET" } },
    ]);
    expect(await page.locator("h1").textContent()).toBe("Nothing to show");
    expect(await page.locator("#empty h2").textContent()).toBe(
      "No run and no action is in this input",
    );
    expect(await page.locator("#grid").isVisible()).toBe(false);
    await page.context().close();
  });

  test("runs that all completed are shown, because there is nothing else", async () => {
    const { page } = await openFile(browser, [completed("r1", [0, 10]), completed("r2", [5, 20])]);
    expect(await page.locator("h1").textContent()).toBe("All 2 runs completed");
    expect(await rowsOf(page)).toEqual(["completed 2 runs", "agent run r1", "agent run r2"]);
    await page.context().close();
  });
});
