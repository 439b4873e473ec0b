import { InputError } from "./input-error.ts";

/** The length in characters at which one line or one request is refused: half of V8's longest string. */
export const LONGEST_REQUEST: number = 2 ** 28;

/**
 * The lines of a UTF-8 byte stream, without their line feeds, holding one line at a time.
 *
 * Not `node:readline`: it also breaks lines at U+2028 and U+2029, which JSON strings may contain,
 * and a failing stream does not end its iteration with the failure.
 */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  // It also takes away the byte order mark with which Windows tools begin files.
  const decoder = new TextDecoder();
  // A list joined once: a single line of 100 MB, grown by `+=`, would be copied at every chunk.
  let open: string[] = [];
  let length = 0;
  for await (const chunk of bytes) {
    const [first = "", ...rest] = decoder.decode(chunk, { stream: true }).split("\n");
    open.push(first);
    length += first.length;
    if (length > LONGEST_REQUEST) throw new InputError("a line is longer than 256 Mi characters");
    for (const next of rest) {
      yield open.join("");
      open = [next];
      length = next.length;
    }
  }
  open.push(decoder.decode());
  yield open.join("");
}
