/** A text as a string of JSON. */
export const quoted = (text: string): string =>
  // Most need no escaping, and to see that is cheaper than to do it.
  text.length < MAX_LOOKED_AT && PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);

const MAX_LOOKED_AT = 64;
/** Printable ASCII but for `"` and `\`. */
const PLAIN = /^[ !#-[\]-~]*$/;
