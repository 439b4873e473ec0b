/** `length` bytes from `start`: whole lines. */
export interface Lines {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly length: number;
}

/** The lines that every segment begins with. */
export interface Heads {
  /** Takes a line, in the place of the one with that key. False if all would take more than `most` bytes. */
  set(key: string, line: Lines): boolean;
  lines(): Iterable<Lines>;
}

export const createHeads = (most: number): Heads => {
  const heads = new Map<string, Lines>();
  let total = 0;
  return {
    set: (key, line) => {
      const grown = total + line.length - (heads.get(key)?.length ?? 0);
      if (grown > most) return false;
      heads.set(key, line);
      total = grown;
      return true;
    },
    lines: () => heads.values(),
  };
};

/** All of what `encodeRecord` gives. */
export const linesOf = (bytes: Uint8Array, length: number = bytes.length): Lines => ({
  bytes,
  start: 0,
  length,
});
