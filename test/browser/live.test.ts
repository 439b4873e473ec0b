import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import type { Browser } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { describeInChromium, launchChromium } from "../support/chromium.ts";
import { openUrl, rowsOf, WHY_CLOSED } from "./picture-page.ts";
import { action, closed, FAN_OUT, requestOf, type Span, stopped } from "./spans.ts";

describeInChromium("the page that listen serves", () => {
  let browser: Browser;
  let child: ChildProcessWithoutNullStreams;
  let url = "";
  beforeAll(async () => {
    browser = await launchChromium();
  });
  beforeEach(async () => {
    child = spawn(process.execPath, [WHY_CLOSED, "listen", "--port", "0"]);
    url = await addressOf(child);
  });
  afterEach(() => stop(child));
  afterAll(() => browser.close());

  const send = async (spans: readonly Span[], firstId: number): Promise<void> => {
    const response = await fetch(new URL("/v1/traces", url), {
      method: "POST",
      headers: { "Content-Type": "application/json", Connection: "close" },
      body: requestOf(spans, firstId),
    });
    expect(response.status).toBe(200);
  };

  test("waits, then shows what comes, keeps what was chosen, and says when nobody answers", async () => {
    const { page, requests, complaints } = await openUrl(browser, url);
    await page.getByText("Waiting for the first run or action").waitFor();
    expect(await page.locator("#empty pre").textContent()).toContain(
      `OTEL_EXPORTER_OTLP_ENDPOINT=${url.slice(0, -1)}\n`,
    );

    await send(FAN_OUT, 1);
    await page.getByText("1 action stopped 3 of 8 runs").waitFor();
    await page.locator("#row-2").click();
    await page.getByRole("button", { name: "action", exact: false }).first().click();
    await page.locator("#shown", { hasText: "3 of 8 runs" }).waitFor();

    await page.getByRole("button", { name: "Zoom to its action" }).click();
    const range = await page.locator("#range").textContent();

    // Times are counted from the first of all, which is another now.
    const earlier = [
      action("00before", [-900, -800], { "lifecycle.action.kind": "reload" }),
      closed("r9", [-1000, 10], "timeout"),
    ];
    await send(earlier, 101);
    await page.locator("#shown", { hasText: "3 of 9 runs" }).waitFor();
    expect((await rowsOf(page))[0]).toBe("reload instance_store POST /global/dispose");
    expect(await page.locator("[aria-selected=true] .aside").textContent()).toBe("r2");
    expect(await page.locator("#details .ids code").first().textContent()).toBe("r2");

    expect(await page.locator("#range").textContent()).toBe(range);

    // Nothing came since: nothing is sent again.
    await page.waitForResponse((response) => response.status() === 304);
    expect(new Set(requests)).toEqual(new Set([url, new URL("/account.json", url).href]));
    expect(complaints).toEqual([]);
    expect(await page.locator("#status").textContent()).toBe("Live");
    await stop(child);
    await page.getByText("Not connected: this is what came last").waitFor();
    expect(await page.locator("h1").textContent()).toBe("1 action stopped 3 of 9 runs");
    await page.context().close();
  });

  test("what somebody has scrolled to stays in sight when something comes before it", async () => {
    const { page, complaints } = await openUrl(browser, url);
    const many = Array.from({ length: 45 }, (_, n) => closed(`r${n}`, [n, 5000], "timeout"));
    await send(many, 1);
    await page.locator("#shown", { hasText: "45 runs" }).waitFor();
    await page.locator("#grid").evaluate((grid) => (grid.scrollTop = 20.5 * 28));
    const row = page.locator("#rows .run", { hasText: "r25" });
    const before = await row.boundingBox();
    await send(
      [closed("earlier", [-1000, 0], "timeout"), closed("other", [0, 1], "user_cancel")],
      101,
    );
    await page.locator("#shown", { hasText: "47 runs" }).waitFor();
    expect(await row.boundingBox()).toEqual(before);

    // At the top what comes is what somebody waits for.
    await page.locator("#grid").evaluate((grid) => (grid.scrollTop = 0));
    await send([action("01root", [-2000, -1900])], 201);
    await page.locator("#row-0", { hasText: "dispose_all" }).waitFor();
    expect(await page.locator("#grid").evaluate((grid) => grid.scrollTop)).toBe(0);
    expect(complaints).toEqual([]);
    await page.context().close();
  });

  test("open details tell what came since, and lead to what they are about", async () => {
    const { page, complaints } = await openUrl(browser, url);
    await send([stopped("r1", [1000, 5200], "01root", 0.2)], 1);
    await page.locator("#row-1").click();
    const details = page.locator("#details-content");
    const lead = details.getByRole("button", { name: "dispose_all", exact: true });
    await lead.waitFor();
    await details.getByRole("button", { name: "Copy run id" }).focus();

    // One that comes before it in the order of the picture, and then its own span.
    await send([action("00other", [-9000, -8000], { "lifecycle.action.kind": "reload" })], 101);
    await page.locator("#rows", { hasText: "reload instance_store" }).waitFor();
    await send([action("01root", [5000, 5300])], 102);
    await details.getByRole("button", { name: "dispose_all instance_store" }).waitFor();
    expect(await page.evaluate("document.activeElement.id")).toBe("details-title");

    await page.getByRole("button", { name: "Zoom to its action" }).click();
    expect(await page.locator("#range").textContent()).toMatch(/22:13:24.\d+ UTC|22:13:24 UTC/);
    await details.getByRole("button", { name: "dispose_all instance_store" }).click();
    await page.locator("#details-title", { hasText: "dispose_all instance_store" }).waitFor();
    expect(complaints).toEqual([]);
    await page.context().close();
  });
});

async function addressOf(child: ChildProcessWithoutNullStreams): Promise<string> {
  let note = "";
  for await (const chunk of child.stderr.setEncoding("utf8").iterator({ destroyOnReturn: false })) {
    note += chunk;
    const address = /(http:\S+\/), stop/.exec(note)?.[1];
    if (address !== undefined) return address;
  }
  throw new Error(`why-closed listen ended: ${note}`);
}

async function stop(child: ChildProcessWithoutNullStreams): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, "close");
  child.stdout.resume();
  child.kill("SIGTERM");
  await ended;
}
