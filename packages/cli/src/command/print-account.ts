import type { Account } from "../account/account.ts";
import { toJson } from "../account/account-json.ts";
import { renderAccount } from "../render/account-text.ts";
import { screenJson } from "../render/screen-text.ts";
import type { Printing } from "./command.ts";
import { colourOf } from "./output.ts";
import { writePage } from "./write-page.ts";

/**
 * Prints an account on standard output, as the command line asks for it, and before that writes its
 * page. Throws InputError if the page cannot be written.
 */
export function printAccount(account: Account, { format, longestList, html }: Printing): void {
  if (html !== undefined) writePage(account, html);
  process.stdout.write(
    format === "json"
      ? `${screenJson(JSON.stringify(toJson(account)))}\n`
      : renderAccount(account, { colour: colourOf(process.stdout), longestList }),
  );
}
