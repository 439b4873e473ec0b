import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInChromium, launchChromium } from "../support/chromium.ts";
import { openFile } from "./picture-page.ts";
import { FAN_OUT } from "./spans.ts";

describeInChromium("what assistive technology is told", () => {
  let browser: Browser;
  let page: Page;
  beforeAll(async () => {
    browser = await launchChromium();
    ({ page } = await openFile(browser, FAN_OUT.slice(0, 4)));
  });
  afterAll(() => browser.close());

  test("of the filters", async () => {
    expect(await page.getByRole("region", { name: "Filters" }).ariaSnapshot()).toBe(`\
- region "Filters":
  - group "Closed by":
    - button "action 2"
  - text: Scope
  - combobox "Scope":
    - option "All scopes" [selected]
    - option "directory"
    - option "instance"
    - option "instance_store"
  - text: Action
  - combobox "Action":
    - option "All actions" [selected]
    - option "dispose_all instance_store, 01root"
    - option "dispose instance, 02nested"
  - text: Search names and ids
  - searchbox "Search names and ids"
  - status: 2 runs`);
  });

  test("of the rows: what each is, when it was, and how it ended", async () => {
    expect(await page.getByRole("treegrid").ariaSnapshot()).toBe(`\
- treegrid "Runs by what closed them":
  - row "Run or action 2023-11-14 22:13:20 UTC, 5.41 s Zoom out Zoom in Show all of the time Time How it ended":
    - columnheader "Run or action 2023-11-14 22:13:20 UTC, 5.41 s Zoom out Zoom in Show all of the time":
      - text: Run or action 2023-11-14 22:13:20 UTC, 5.41 s
      - button "Zoom out": −
      - button "Zoom in": +
      - button "Show all of the time" [disabled]: All
    - columnheader "Time"
    - columnheader "How it ended"
  - rowgroup:
    - row "dispose_all instance_store POST /global/dispose from 2023-11-14 22:13:25.000 for 1.2 s 3 stopped, slowest 0.2 s" [expanded] [level=1] [selected]:
      - gridcell "dispose_all instance_store POST /global/dispose"
      - gridcell "from 2023-11-14 22:13:25.000 for 1.2 s"
      - gridcell "3 stopped, slowest 0.2 s"
    - row "action agent run r1 from 2023-11-14 22:13:21.000 for 4.2 s, asked to stop 200 ms before its end stopped after 200 ms" [level=2]:
      - gridcell "action agent run r1":
        - img "action": A
        - text: agent run r1
      - gridcell "from 2023-11-14 22:13:21.000 for 4.2 s, asked to stop 200 ms before its end"
      - gridcell "stopped after 200 ms"
    - row "action agent run r2 from 2023-11-14 22:13:22.000 for 3.1 s, asked to stop 100 ms before its end stopped after 100 ms" [level=2]:
      - gridcell "action agent run r2":
        - img "action": A
        - text: agent run r2
      - gridcell "from 2023-11-14 22:13:22.000 for 3.1 s, asked to stop 100 ms before its end"
      - gridcell "stopped after 100 ms"
    - row "dispose instance POST /global/dispose from 2023-11-14 22:13:25.010 for 10 ms nested, closed nothing of its own" [level=2]:
      - gridcell "dispose instance POST /global/dispose"
      - gridcell "from 2023-11-14 22:13:25.010 for 10 ms"
      - gridcell "nested, closed nothing of its own"`);
  });

  test("of the details: a region with their name, and a button for each id", async () => {
    await page.locator("#row-1").click();
    const snapshot = await page.getByRole("complementary", { name: "agent run" }).ariaSnapshot();
    expect(snapshot.match(/button ".+"/g)).toEqual([
      'button "Close details"',
      'button "dispose_all instance_store"',
      'button "Zoom to its action"',
      'button "Copy run id"',
      'button "Copy closing action id"',
      'button "Copy trace id"',
      'button "Copy span id"',
    ]);
  });
});
