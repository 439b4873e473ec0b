/** Texts that must not leave the process, by what they are: `{ prompt: "…", directory: "…" }`. */
export type Canaries = Readonly<Record<string, string>>;

/** A text that was exported and must not be. */
export interface Leak {
  /** The name of the canary, or `path` for a file system path that nobody planted. */
  readonly what: string;
  /** Where in the request it stands: `resourceSpans.0.scopeSpans.0.spans.3.name`. */
  readonly where: string;
}

// Where a path begins that is one of a file system and no route: below a root folder of one, on a
// Windows drive, or in a file URL.
const PATH =
  /(?:^|[\s"'`(=:,])\/(?:home|root|tmp|var|srv|etc|opt|usr|mnt|proc|private|Users|work)(?:\/|$)|\b[A-Za-z]:\\|\\\\\w|file:\/\//;

/**
 * Looks through everything that a receiver got, keys and values of all fields, for the canaries
 * and for file system paths. Every harvest in the tests goes through this.
 *
 * @param bodies - The accepted bodies as received, decompressed.
 */
export const scanHarvest = (bodies: readonly string[], canaries: Canaries = {}): readonly Leak[] =>
  bodies.flatMap((body) => scan(JSON.parse(body), canaries, []));

const scan = (node: unknown, canaries: Canaries, at: readonly string[]): readonly Leak[] => {
  if (typeof node === "string") return scanText(node, canaries, at);
  if (typeof node !== "object" || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) => [
    ...scanText(key, canaries, [...at, key, "(key)"]),
    ...scan(value, canaries, [...at, key]),
  ]);
};

const scanText = (text: string, canaries: Canaries, at: readonly string[]): readonly Leak[] => {
  const found = Object.keys(canaries).filter((what) => holds(text, canaries[what] ?? ""));
  if (found.length === 0 && PATH.test(text)) found.push("path");
  return found.map((what) => ({ what, where: at.join(".") }));
};

const holds = (text: string, canary: string): boolean => {
  if (canary === "") throw new Error("an empty canary is in every text");
  const forms = [
    canary,
    encodeURIComponent(canary),
    Buffer.from(canary).toString("base64").replace(/=+$/, ""),
    Buffer.from(canary).toString("hex"),
  ];
  const lower = text.toLowerCase();
  return forms.some((form) => lower.includes(form.toLowerCase()));
};
