import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Picture } from "../browser/picture.ts";
import { documentOf } from "./document.ts";
import { linkModules } from "./link-modules.ts";

/** A page and the policy that lets nothing in it run but what we wrote. */
export interface Page {
  readonly html: string;
  /** A Content-Security-Policy. */
  readonly policy: string;
}

// In this order: what is narrow or hidden overrules the rest.
const STYLE_SHEETS = [
  "palette",
  "frame",
  "controls",
  "columns",
  "rows",
  "details",
  "narrow",
] as const;

/** A page that holds its picture, and makes no request. */
export function pageOf(picture: Picture): Page {
  return pageWith(embeddable(JSON.stringify(picture)), "'none'");
}

/** A page that fetches its picture from `account.json` beside it, again and again. */
export function livePage(): Page {
  return pageWith("null", "'self'");
}

function pageWith(picture: string, connect: string): Page {
  const style = STYLE_SHEETS.map(styleSheet).join("");
  const script = linkModules("./main.js", (name) => read(`../browser/${name}`));
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    `connect-src ${connect}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    // No text of a span becomes markup or code, by the browser's word besides ours.
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join("; ");
  return { html: documentOf({ policy, style, script, picture }), policy };
}

/** JSON that cannot end the script element that it stands in, whatever is in its strings. */
function embeddable(json: string): string {
  return json.replace(
    /[<\u2028\u2029]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function styleSheet(name: string): string {
  return read(`../../src/browser/${name}.css`);
}

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}

function hashOf(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
