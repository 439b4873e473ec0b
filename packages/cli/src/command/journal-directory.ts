import { accessSync, constants, lstatSync, type Stats } from "node:fs";
import { InputError } from "../input/input-error.ts";

/**
 * Throws InputError where journals cannot be in a directory: because it is not there, and is not to
 * be made by who only recovers, or because the packages that keep journals would not use it.
 */
export function checkDirectory(path: string): void {
  const flaw = flawOf(path);
  if (flaw !== undefined) throw new InputError(`${path}: ${flaw}`);
}

function flawOf(path: string): string | undefined {
  try {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) return "there is no such directory";
    const flaw = flawOfKind(found);
    // It is taken over by a rename, into a folder that is made here.
    if (flaw === undefined) accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return flaw;
  } catch (error) {
    return `journals cannot be taken over there (${codeOf(error)})`;
  }
}

function flawOfKind(found: Stats): string | undefined {
  if (found.isSymbolicLink()) return "this is a symbolic link: name the directory that it leads to";
  if (!found.isDirectory()) return "this is no directory";
  if (found.uid !== (process.geteuid?.() ?? found.uid))
    return `this directory is another user's (${found.uid}): recover as that user`;
  if ((found.mode & 0o022) !== 0) return "others may write in this directory: chmod 700";
  return undefined;
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : String(error);
}
