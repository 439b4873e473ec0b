/** What a text of the account is, for the eye. */
export type Style = "title" | "aside" | "warning" | "failure";

/** Dresses a text for a terminal, or leaves it as it is. */
export type Paint = (text: string, style: Style) => string;

// Not util.styleText: Node 20.6 has none, and later ones ask the process whether to colour at all.
const SEQUENCES: Readonly<Record<Style, readonly [open: number, close: number]>> = {
  title: [1, 22],
  aside: [2, 22],
  warning: [33, 39],
  failure: [31, 39],
};

export const plain: Paint = (text) => text;

export const ansi: Paint = (text, style) => {
  const [open, close] = SEQUENCES[style];
  return `\u001b[${open}m${text}\u001b[${close}m`;
};
