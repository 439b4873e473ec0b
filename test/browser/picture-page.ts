import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { requestOf, type Span } from "./spans.ts";

export const WHY_CLOSED: string = resolve(import.meta.dirname, "../../packages/cli/dist/main.js");

/** A page that is open, and all that it did besides being looked at. */
export interface OpenPage {
  readonly page: Page;
  /** The addresses that were asked for, its own the first. */
  readonly requests: readonly string[];
  /** Console messages, as which Chromium also tells violations of its policy, and uncaught errors. */
  readonly complaints: readonly string[];
}

/** Has the program write spans as a page, and opens the file. */
export const openFile = async (
  browser: Browser,
  spans: readonly Span[],
  options: BrowserContextOptions = {},
): Promise<OpenPage> => {
  const folder = mkdtempSync(join(tmpdir(), "picture-"));
  const file = join(folder, "account.html");
  const written = spawnSync(process.execPath, [WHY_CLOSED, "--html", file, "-"], {
    input: requestOf(spans),
    encoding: "utf8",
  });
  if (written.status !== 0) throw new Error(written.stderr);
  const opened = await openUrl(browser, pathToFileURL(file).href, options);
  rmSync(folder, { recursive: true });
  return opened;
};

/** Opens an address in a window of its own. */
export const openUrl = async (
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenPage> => {
  const requests: string[] = [];
  const complaints: string[] = [];
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: "reduce",
    ...options,
  });
  const page = await context.newPage();
  context.on("request", (request) => requests.push(request.url()));
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  await page.goto(url);
  return { page, requests, complaints };
};

/** The rows in sight, as their names and asides. */
export const rowsOf = (page: Page): Promise<readonly string[]> =>
  page.locator("#rows [role=row] .name").evaluateAll((names: readonly Named[]) =>
    names.map((name) =>
      [".title", ".aside"]
        .map((part) => name.querySelector(part)?.textContent ?? "")
        .filter((text) => text !== "")
        .join(" "),
    ),
  );

// Of the browser's types, which tests that run on Node do not have.
interface Named {
  readonly querySelector: (selector: string) => { readonly textContent: string | null } | null;
}
