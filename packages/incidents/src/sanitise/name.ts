import { copyOf } from "./copy-of.ts";

/**
 * The grammar of names: of tools, sources, finalizers, error names and codes. What is allowed is
 * a form, words of letters that a person wrote; a secret, a digest or a path has another one. No
 * word is known to be bad, so `task-create`, `disk-usage` and `count_tokens` are names.
 *
 * - 1 to 64 characters, 1 to 8 words joined by `_`, `__`, `-`, `.` or `:`, in front at most one `_`;
 * - the first word begins with a letter; a word is letters, then at most 4 digits, or a version
 *   (`3`, `4o`), or the eight digits of a date; at most two words have digits, and one short word
 *   may have them inside (`k8s`, `E2BIG`);
 * - a word is of one case, at most 20 characters, in capitals at most 16, or camel-cased, at most
 *   40 letters in humps as long on the average as words are: what is random changes its case more
 *   often;
 * - all but one of the humps can be said: they have a vowel, and never five consonants in a row.
 *
 * What is random seldom looks like that, and chance may have it so. Measured, 200,000 of each: of 20
 * random letters and digits of both cases 6 in 100,000, of 24 half as many, of 32 less than 1; of
 * 20 in small letters and digits 25 in 10,000, of 24 none; of hexadecimal digits 1 in 10,000 of 12,
 * none of 16. Of letters alone of both cases 2 in 1,000 of 20. Up to 20 small letters or 16 capitals
 * are one word, whatever they spell, and a passphrase is words: who gives such a secret for a name
 * shows it.
 */
export const isName = (value: unknown): value is string =>
  typeof value === "string" &&
  value.length <= MAX_NAME &&
  (known.has(value) || (SHAPE.test(value) && isWorded(value) && remember(value)));

/** What stands for a string that was withheld. */
export const REDACTED = "redacted";

const MAX_NAME = 64;
const MAX_WORDS = 8;
const MAX_WITH_DIGITS = 2;
const MAX_CAPITALS = 16;
const MAX_SMALL = 20;
const MAX_CAMEL = 40;
const MAX_HUMP = 16;
const MAX_ACRONYM = 6;
const MAX_HUMPS = 7;
const MAX_SHORT_HUMPS = 2;

const MAX_ABBREVIATION = 5;
const MAX_UNSAYABLE = 1;

const SHAPE = /^_?[A-Za-z][A-Za-z0-9]*(?:(?:__?|[-.:])[A-Za-z0-9]+)*$/;
const SEPARATOR = /[-_.:]+/;
const HUMP = /[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g;
const PLAIN = /^([A-Za-z]*)(\d{0,4})$/;
const DATE = /^20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/;
const VERSION = /^\d{1,3}[a-z]$/;
const CONSONANTS = /[^AEIOUYaeiouy]+/g;
const CLUSTER = /[^AEIOUYaeiouy]{5}/;
const INSIDE = /^[A-Za-z]{1,4}\d{1,2}[A-Za-z]{1,4}$/;

// The same few names come again and again, and to read one by the grammar costs microseconds. Of
// what is no name nothing is remembered.
const known = new Set<string>();
const MAX_KNOWN = 1_024;

const remember = (name: string): true => {
  if (known.size >= MAX_KNOWN) known.clear();
  known.add(copyOf(name));
  return true;
};

const isWorded = (name: string): boolean => {
  const words = name.split(SEPARATOR).filter((word) => word !== "");
  if (words.length > MAX_WORDS) return false;
  if (words.filter((word) => /\d/.test(word)).length > MAX_WITH_DIGITS) return false;
  if (words.filter((word) => INSIDE.test(word)).length > 1) return false;
  const humps = words.map(humpsOf).filter(({ length }) => length > 1);
  return (
    words.every(isWord) &&
    humps.flat().filter(({ length }) => length <= 2).length <= MAX_SHORT_HUMPS &&
    words.flatMap(humpsOf).filter((hump) => !isSayable(hump)).length <= MAX_UNSAYABLE
  );
};

const isWord = (word: string): boolean => {
  if (DATE.test(word) || INSIDE.test(word) || VERSION.test(word)) return true;
  const letters = PLAIN.exec(word)?.[1];
  if (letters === undefined) return false;
  if (letters === letters.toUpperCase()) return word.length <= MAX_CAPITALS;
  if (letters === letters.toLowerCase()) return word.length <= MAX_SMALL;
  return isCamelCased(letters);
};

const isCamelCased = (letters: string): boolean => {
  const humps = humpsOf(letters);
  return (
    letters.length <= MAX_CAMEL &&
    humps.length <= MAX_HUMPS &&
    humps.every((hump) => hump.length <= (hump === hump.toUpperCase() ? MAX_ACRONYM : MAX_HUMP)) &&
    letters.length / humps.length >= leastHump(letters.length) &&
    vowelsIn(letters) / letters.length >= leastVowels(letters.length)
  );
};

/** How long the words of a camel-cased one are on the average, at the least. */
const leastHump = (length: number): number => (length <= 12 ? 2.5 : length <= 16 ? 3.5 : 4.2);

const leastVowels = (length: number): number => (length <= 16 ? 0 : 0.26);

const humpsOf = (word: string): readonly string[] => word.match(HUMP) ?? [];

const vowelsIn = (letters: string): number => letters.replace(CONSONANTS, "").length;

/** As words are; abbreviations are short, or in capitals. */
const isSayable = (hump: string): boolean =>
  hump.length <= 2 ||
  (hump.length <= MAX_ABBREVIATION && hump === hump.toUpperCase()) ||
  (vowelsIn(hump) > 0 && !CLUSTER.test(hump));
