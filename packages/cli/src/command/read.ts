import { resolve } from "node:path";
import { accountOf } from "../account/account.ts";
import { type Harvest, readHarvest } from "../input/harvest.ts";
import { InputError } from "../input/input-error.ts";
import { readable, type Source, sourcesOf } from "../input/source.ts";
import type { LifecycleSpan } from "../otlp/lifecycle-span.ts";
import type { ReadCommand } from "./command.ts";
import { note } from "./output.ts";
import { printAccount } from "./print-account.ts";

/** Prints the account of the inputs. Throws InputError if one of them cannot be used. */
export async function runRead({ paths, printing }: ReadCommand): Promise<void> {
  const { html } = printing;
  if (html !== undefined && paths.some((path) => resolve(path) === resolve(html)))
    throw new InputError(`--html ${html}: the page would take the place of what is read`);
  printAccount(accountOf(await spansOf(pathsOrPipe(paths))), printing);
}

function pathsOrPipe(paths: readonly string[]): readonly string[] {
  // Standard input has an end but once; as with a file, naming it again adds nothing.
  if (paths.length > 0)
    return paths.filter((path, at) => path !== "-" || paths.indexOf("-") === at);
  if (process.stdin.isTTY)
    throw new InputError("name a file or a folder, or pipe OTLP JSON in (see --help)");
  return ["-"];
}

async function spansOf(paths: readonly string[]): Promise<readonly LifecycleSpan[]> {
  const spans: LifecycleSpan[] = [];
  for (const path of paths) {
    let requests = 0;
    for (const source of await sourcesOf(path)) {
      const harvest = await readable(source.name, readHarvest(source.open()));
      report(source, harvest);
      for (const span of harvest.spans) spans.push(span);
      requests += harvest.requests;
    }
    if (requests === 0) throw new InputError(`${path}: no file in this folder holds OTLP JSON`);
  }
  return spans;
}

/** Says on standard error what of a source was left out. Throws if that is all of it. */
function report({ name, found }: Source, { requests, rejected, junk }: Harvest): void {
  if (requests === 0) {
    const reason =
      junk === undefined
        ? "it is empty"
        : `nothing in it is OTLP JSON (line ${junk.line}: ${junk.reason})`;
    if (found === "named") throw new InputError(`${name}: ${reason}`);
    note(`${name}: left out, ${reason}`);
    return;
  }
  if (junk !== undefined) {
    const lines = junk.lines === 1 ? "1 line is" : `${junk.lines} lines are`;
    note(`${name}: ${lines} not OTLP JSON and left out, first line ${junk.line}: ${junk.reason}`);
  }
  if (rejected > 0) note(`${name}: spans without a valid trace and span id left out: ${rejected}`);
}
