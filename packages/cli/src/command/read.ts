import { resolve } from "node:path";
import { accountOf } from "../account/account.ts";
import { readHarvest } from "../input/harvest.ts";
import { InputError } from "../input/input-error.ts";
import type { LifecycleSpan } from "../otlp/lifecycle-span.ts";
import type { ReadCommand } from "./command.ts";
import { printAccount } from "./print-account.ts";
import { readSources } from "./read-sources.ts";

/** Prints the account of the inputs. Throws InputError if one of them cannot be used. */
export async function runRead({ paths, printing }: ReadCommand): Promise<void> {
  const { html } = printing;
  if (html !== undefined && paths.some((path) => resolve(path) === resolve(html)))
    throw new InputError(`--html ${html}: the page would take the place of what is read`);
  printAccount(accountOf(await spansOf(paths)), printing);
}

async function spansOf(paths: readonly string[]): Promise<readonly LifecycleSpan[]> {
  const harvests = await readSources(paths, {
    what: "OTLP JSON",
    read: readHarvest,
    leftOut: ({ rejected }) =>
      rejected > 0 ? [`spans without a valid trace and span id left out: ${rejected}`] : [],
  });
  return harvests.flatMap(({ spans }) => spans);
}
