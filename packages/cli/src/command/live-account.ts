import type { Account } from "../account/account.ts";
import { renderAccount } from "../render/account-text.ts";
import { colourOf } from "./output.ts";

/** An account on a stream that is kept up to date. */
export interface LiveAccount {
  /**
   * Prints soon; however often this is called, at most every 200 ms, and with a pause of at least
   * ten times as long as the last print took.
   */
  readonly changed: () => void;
  /** Prints the account for the last time. */
  readonly finish: () => void;
}

/** What a live account shows. */
export interface LiveAccountOptions {
  /** The line above it on a terminal. */
  readonly heading: string;
  readonly account: () => Account;
}

// Short enough to feel immediate, long enough for the requests of one export to be one picture.
const INTERVAL_MS = 200;
// Printing blocks the receiver, and takes seconds at some hundred thousand spans.
const PAUSE_PER_PRINT = 10;
const CLEAR_SCREEN = "\u001b[H\u001b[2J";

/** Redraws a terminal in place; elsewhere the account is printed again when its text has changed. */
export function createLiveAccount(
  stream: NodeJS.WriteStream,
  { heading, account }: LiveAccountOptions,
): LiveAccount {
  let timer: NodeJS.Timeout | undefined;
  let printed = "";
  let nextPrintAt = 0;

  function print(): void {
    timer = undefined;
    const startedAt = performance.now();
    printIfChanged();
    const endedAt = performance.now();
    nextPrintAt = endedAt + PAUSE_PER_PRINT * (endedAt - startedAt);
  }

  function printIfChanged(): void {
    const text = renderAccount(account(), { colour: colourOf(stream) });
    if (text === printed) return;
    stream.write(stream.isTTY ? onScreen(text) : separated(text));
    printed = text;
  }

  // What stood above is gone with the rest of the screen.
  function onScreen(text: string): string {
    return `${CLEAR_SCREEN}${heading}\n\n${fitted(text, stream.rows - 2)}`;
  }

  function separated(text: string): string {
    return printed === "" ? text : `\n${text}`;
  }

  return {
    changed: () => {
      timer ??= setTimeout(print, Math.max(INTERVAL_MS, nextPrintAt - performance.now()));
    },
    finish: () => {
      clearTimeout(timer);
      // Whole this time, below whatever the screen shows.
      stream.write(separated(renderAccount(account(), { colour: colourOf(stream) })));
    },
  };
}

/** As many lines as a terminal shows at once: what scrolls away cannot be redrawn. */
function fitted(text: string, rows: number): string {
  const lines = text.split("\n");
  const room = Math.max(1, rows - 2);
  if (lines.length <= room) return text;
  return `${lines.slice(0, room).join("\n")}\n… and ${lines.length - room} more lines, whole at the end\n`;
}
