// Control characters, lone surrogates, line separators and invisible formatting such as the
// bidirectional overrides. The two joiners stay: scripts and emoji need them, and they move nothing.
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|(?![\u200c\u200d])\p{Cf}/gu;

/**
 * A text from a span, made harmless for a terminal: names come from applications, and one with an
 * escape sequence in it could rewrite the screen. Longer than `longest` characters it ends in "…".
 */
export function screenText(text: string, longest: number): string {
  // Cut before escaping, so that a name of 10 MB costs nothing.
  const characters = [...text.slice(0, longest * 2 + 1)];
  const isWhole = characters.length <= longest;
  const safe = escapeUnsafe(isWhole ? text : characters.slice(0, longest - 1).join(""));
  return isWhole ? safe : `${safe}…`;
}

/** A JSON text with what `JSON.stringify` leaves raw escaped too: the same document, harmless on a terminal. */
export function screenJson(json: string): string {
  return escapeUnsafe(json);
}

function escapeUnsafe(text: string): string {
  return text.replace(UNSAFE, (unsafe) =>
    // By UTF-16 unit, which is how JSON escapes.
    unsafe
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
