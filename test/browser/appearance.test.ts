import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeInChromium, launchChromium } from "../support/chromium.ts";
import { TEXT_CONTRASTS, type TextContrast } from "./contrast.ts";
import { openFile } from "./picture-page.ts";
import { closed, FAN_OUT, type Span } from "./spans.ts";

const CLASSES = [
  "lifecycle_action",
  "user_cancel",
  "client_disconnect",
  "timeout",
  "upstream_disconnect",
  "error",
  "process_lost",
  "unknown_scope_close",
  "a_newer_class",
] as const;

const ALL_CLASSES: readonly Span[] = [
  ...FAN_OUT,
  ...CLASSES.map((name) => closed(`of ${name}`, [0, 5000], name)),
];

describeInChromium("how the page looks", () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  test.each([["light"], ["dark"]] as const)(
    "every text of the %s page has a contrast of 4.5 or more",
    async (colorScheme) => {
      const viewport = { width: 1280, height: 1400 };
      const { page } = await openFile(browser, ALL_CLASSES, { colorScheme, viewport });
      // With a chip pressed, a row active and its details open.
      await page.locator("#row-1").click();
      const chips = await page.locator(".chip").count();
      const seen: TextContrast[] = [];
      for (let chip = 0; chip < chips; chip += 1) {
        await page.locator(".chip").nth(chip).click();
        seen.push(...(await page.evaluate<TextContrast[]>(TEXT_CONTRASTS)));
        await page.locator(".chip").nth(chip).click();
      }
      expect(seen.filter(({ ratio }) => ratio < 4.5)).toEqual([]);
      // Each class has been seen at the end of a bar.
      const letters = new Set(seen.filter((text) => text.class === "mark").map(({ text }) => text));
      expect(letters.size).toBe(CLASSES.length + 1);
      await page.context().close();
    },
  );

  test("light and dark differ in every colour", async () => {
    const colours = async (colorScheme: "light" | "dark") => {
      const { page } = await openFile(browser, ALL_CLASSES, { colorScheme });
      const found = await page.evaluate<string[]>(`[document.body, document.querySelector("h1"),
        ...document.querySelectorAll(".chip .swatch")].flatMap((element) => {
          const { color, backgroundColor } = getComputedStyle(element);
          return [color, backgroundColor];
        })`);
      await page.context().close();
      return found;
    };
    const [light, dark] = [await colours("light"), await colours("dark")];
    expect(light.length).toBe(dark.length);
    const same = light.filter((colour, at) => colour === dark[at]);
    // A headline has no ground of its own.
    expect(same).toEqual(["rgba(0, 0, 0, 0)"]);
  });

  test.each([[360], [768], [1280]])(
    "at %i pixels nothing is cut off at the side",
    async (width) => {
      const { page } = await openFile(browser, ALL_CLASSES, { viewport: { width, height: 740 } });
      const beyond =
        await page.evaluate(`[...document.querySelectorAll("body *")].filter((element) =>
      element.checkVisibility() && element.getBoundingClientRect().right > innerWidth + 1 &&
      element.closest(".tick, .unseen") === null).map((element) => element.className)`);
      expect(beyond).toEqual([]);
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(width);
      const bar = await page.locator("#row-1 .bar").boundingBox();
      expect(bar?.width).toBeGreaterThan(100);
      await page.context().close();
    },
  );

  test("where the system forces its colours, what is active, pressed or folded can still be told", async () => {
    const { page } = await openFile(browser, ALL_CLASSES, { forcedColors: "active" });
    const told = (selector: string, names: readonly string[], pseudo = "") =>
      page.evaluate<string>(`(() => {
        const style = getComputedStyle(document.querySelector("${selector}"), "${pseudo}");
        return ${JSON.stringify(names)}.map((name) => style[name]).join();
      })()`);
    const outline = ["outlineStyle", "outlineWidth"];
    await page.locator("#grid").focus();
    await page.keyboard.press("ArrowDown");
    expect(await told("#row-1", outline)).toBe("solid,2px");
    expect(await told("#row-2", outline)).not.toBe("solid,2px");

    const ground = ["backgroundColor"];
    await page.locator(".chip").first().click();
    const pressed = await told(".chip[aria-pressed=true]", ground);
    expect(pressed).not.toBe(await told(".chip[aria-pressed=false]", ground));

    const arrow = (selector: string) =>
      told(`${selector} .twisty`, ["borderLeftColor", "borderTopColor"], "::before");
    const unfolded = await arrow("#row-0");
    await page.locator("#row-0 .twisty").click();
    expect(await arrow("#row-0")).toBe(
      unfolded
        .split(/,(?=rgb)/)
        .reverse()
        .join(),
    );
    expect(new Set(unfolded.split(/,(?=rgb)/)).size).toBe(2);
    expect(await told(".key-bar", ground)).not.toBe(await told(".key", ground));
    await page.context().close();
  });

  test("nothing moves for those who asked for that", async () => {
    const { page } = await openFile(browser, FAN_OUT, { reducedMotion: "reduce" });
    expect(await transitions(page)).toEqual(["0s"]);
    await page.emulateMedia({ reducedMotion: "no-preference" });
    // So that the first half can fail.
    expect(await transitions(page)).toEqual(["0.12s"]);
    await page.context().close();
  });
});

const transitions = (page: { evaluate: (script: string) => Promise<unknown> }) =>
  page.evaluate(`[...new Set([...document.querySelectorAll(".chip")].map((chip) =>
    getComputedStyle(chip).transitionDuration.split(", ")[0]))]`);
