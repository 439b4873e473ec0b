/** So many characters of something private, in a row, are a leak of it. */
const WINDOW = 10;
/** Of a megabyte the beginning is enough: it is what a cut would leave. */
const LOOKED_AT = 300;

/** Which of the private texts stand in what goes out, whole or in part. */
export const leaksIn = (out: string, texts: readonly string[]): readonly string[] =>
  texts.filter((text) => windowsOf(text).some((part) => out.includes(part)));

const windowsOf = (text: string): readonly string[] => {
  const looked = text.slice(0, LOOKED_AT);
  const count = Math.max(1, looked.length - WINDOW + 1);
  const windows = Array.from({ length: count }, (_, at) => looked.slice(at, at + WINDOW));
  // As JSON writes it, where it has something to escape.
  return windows.flatMap((part) => [part, JSON.stringify(part).slice(1, -1)]);
};
