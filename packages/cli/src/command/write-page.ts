import {
  closeSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import type { Account } from "../account/account.ts";
import { InputError } from "../input/input-error.ts";
import { pageOf } from "../page/page.ts";
import { pictureOf } from "../page/picture.ts";
import { note } from "./output.ts";

/** Writes an account as a page, whole or not at all. Throws InputError if it cannot be written. */
export function writePage(account: Account, path: string): void {
  const { html } = pageOf(pictureOf(account));
  try {
    writeWhole(path, html);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`cannot write to ${path}: ${reason}`, { cause: error });
  }
  note(`the page is in ${path}`);
}

function writeWhole(path: string, text: string): void {
  const existing = statSync(path, { throwIfNoEntry: false });
  // A pipe or a device has no other to put in its place; for a folder Node has the right words.
  if (existing !== undefined && !existing.isFile()) {
    writeFileSync(path, text);
    return;
  }
  // Not in place of a link, but of what it leads to.
  const target = existing === undefined ? path : realpathSync(path);
  const draft = `${target}.${process.pid}.tmp`;
  // A name that is taken is somebody else's file, or a link to one.
  const file = openSync(draft, "wx", existing?.mode);
  try {
    writeFileSync(file, text);
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
}
