/** What a key press on the rows asks for. */
export type GridKey =
  | "down"
  | "up"
  | "page-down"
  | "page-up"
  | "first"
  | "last"
  | "in"
  | "out"
  | "open"
  | "close"
  | "zoom-to-row"
  | "zoom-in"
  | "zoom-out"
  | "fit"
  | "earlier"
  | "later";

const PLAIN: Readonly<Record<string, GridKey>> = {
  ArrowDown: "down",
  ArrowUp: "up",
  PageDown: "page-down",
  PageUp: "page-up",
  Home: "first",
  End: "last",
  ArrowRight: "in",
  ArrowLeft: "out",
  Enter: "open",
  " ": "open",
  Escape: "close",
  z: "zoom-to-row",
  "+": "zoom-in",
  "=": "zoom-in",
  "-": "zoom-out",
  "0": "fit",
};

const SHIFTED: Readonly<Record<string, GridKey>> = { ArrowLeft: "earlier", ArrowRight: "later" };

/** The meaning of a key press; undefined for those that are the browser's. */
export function keyOf(event: KeyboardEvent): GridKey | undefined {
  if (event.ctrlKey || event.metaKey || event.altKey) return undefined;
  return (event.shiftKey ? SHIFTED[event.key] : undefined) ?? PLAIN[event.key];
}
