import { isName, REDACTED } from "../sanitise/name.ts";

/** A name that may stand in a line, at most 32 characters; else nothing. */
export const wordOf = (text: string | undefined): string | undefined =>
  text !== REDACTED && isName(text) && text.length <= MAX_WORD ? text : undefined;

const MAX_WORD = 32;
