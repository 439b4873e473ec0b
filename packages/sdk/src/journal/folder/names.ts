import { randomInt } from "node:crypto";

/** The socket on which the owner of a journal listens. */
export const ALIVE = "alive";
/** Where a journal keeps those that it took over. */
export const TAKEN = "taken";
/** What goes before the id of a journal that is being made. */
export const NEW = ".new-";
/** What goes before the id of a journal that is being removed. */
export const OLD = ".old-";

/** A new id of a journal: 20 of `a-z 0-9`, at random. */
export const newId = (): string =>
  Array.from({ length: 20 }, () => LETTERS[randomInt(LETTERS.length)]).join("");

/** True for what {@link newId} gives. */
export const isId = (name: string): boolean => /^[a-z0-9]{20}$/.test(name);

/** True for the name of a segment. */
export const isSegment = (name: string): boolean => /^[0-9]{8,}\.log$/.test(name);

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
