import { scanBrackets } from "./bracket-scan.ts";
import { beginsIncident, isOfDocument } from "./incident-line.ts";
import { InputError } from "./input-error.ts";
import { LONGEST_REQUEST } from "./lines.ts";

/**
 * A piece of an input: the text of one object, or something that is none. `line` is its first
 * line, from 1, and `lines` how many it has.
 */
export type JsonPiece =
  | {
      readonly type: "object";
      readonly line: number;
      readonly lines: number;
      readonly text: string;
    }
  | { readonly type: "junk"; readonly line: number; readonly lines: number };

/** An object whose end has not come yet: where it began, and its lines so far. */
interface OpenObject {
  readonly line: number;
  readonly texts: string[];
  length: number;
  depth: number;
}

// A request that begins at the start of a line. Inside another object only a torn line leads to it.
const REQUEST_START = /^\{\s*"resource_?(?:spans|logs|metrics|profiles)"/i;

/**
 * The outermost objects of a text: one a line, pretty-printed over many, or the elements of an
 * array. Brackets and commas between objects are passed over, so that an array is read as the
 * sequence that it is, without holding it whole.
 */
export async function* jsonPiecesOf(lines: AsyncIterable<string>): AsyncGenerator<JsonPiece> {
  const splitter = createSplitter();
  for await (const line of lines) yield* splitter.take(line);
  yield* splitter.end();
}

function createSplitter() {
  let line = 0;
  let open: OpenObject | undefined;

  function take(text: string): readonly JsonPiece[] {
    line += 1;
    const pieces = leadsOutOf(open, text) ? end() : [];
    let from = 0;
    while (from < text.length) from = step(text, from, pieces);
    return pieces;
  }

  /** Takes what comes next in a line and returns the index behind it. */
  function step(text: string, from: number, pieces: JsonPiece[]): number {
    if (open === undefined) {
      const start = nextSign(text, from);
      if (start === text.length) return start;
      if (text[start] !== "{") {
        pieces.push({ type: "junk", line, lines: 1 });
        return text.length;
      }
      open = { line, texts: [], length: 0, depth: 0 };
      return start;
    }
    const scan = scanBrackets(text, from, open.depth);
    switch (scan.type) {
      case "open":
        extend(open, text.slice(from), scan.depth);
        return text.length;
      case "broken":
        open.texts.push(text.slice(from));
        pieces.push(...end());
        return text.length;
      case "closed":
        open.texts.push(text.slice(from, scan.end));
        pieces.push({ type: "object", ...extentOf(open), text: open.texts.join("\n") });
        open = undefined;
        return scan.end;
    }
  }

  /** What is still open has no end: it is junk. */
  function end(): JsonPiece[] {
    const pieces: JsonPiece[] = open === undefined ? [] : [{ type: "junk", ...extentOf(open) }];
    open = undefined;
    return pieces;
  }

  return { take, end };
}

/** Whether a line begins what cannot stand inside of what is open. */
function leadsOutOf(open: OpenObject | undefined, line: string): boolean {
  if (REQUEST_START.test(line)) return true;
  return beginsIncident(line) && !open?.texts.some(isOfDocument);
}

function extentOf({ line, texts }: OpenObject): { readonly line: number; readonly lines: number } {
  return { line, lines: texts.length };
}

function extend(open: OpenObject, text: string, depth: number): void {
  open.texts.push(text);
  open.length += text.length + 1;
  open.depth = depth;
  if (open.length <= LONGEST_REQUEST) return;
  throw new InputError(
    `the object that begins in line ${open.line} is longer than 256 Mi characters`,
  );
}

/** The index of the next character that is neither space nor punctuation between objects. */
function nextSign(text: string, from: number): number {
  const sign = /[^\s,[\]]/g;
  sign.lastIndex = from;
  return sign.exec(text)?.index ?? text.length;
}
