import { wordOf } from "./word-of.ts";
import {
  ADVICE_WORDS,
  CAUSE_WORDS,
  DISCONNECT_WORDS,
  PHASE_WORDS,
  SUBCAUSE_WORDS,
} from "./wording.ts";

/** True for a line that is made of our own words, names of kinds and counts. */
export const isSummary = (line: string): boolean => {
  const named = LINE.exec(line);
  return named?.slice(1).every((name) => name === undefined || wordOf(name) === name) ?? false;
};

const anyOf = (...tables: readonly Readonly<Record<string, string>>[]): string =>
  tables
    .flatMap((table) => Object.values(table))
    .filter((words) => words !== "")
    .join("|");

const NAME = "([A-Za-z0-9_.:-]{1,32})";
const BROKE = `${anyOf(CAUSE_WORDS, SUBCAUSE_WORDS)}|closed by ${NAME}`;
const WHERE = `${anyOf(PHASE_WORDS, DISCONNECT_WORDS)}|while \\d{1,16} tools were running`;
const LINE = new RegExp(
  `^(?:${BROKE})(?: \\(${NAME}\\))?(?: (?:${WHERE}))?(?:; (?:${anyOf(ADVICE_WORDS)}))?$`,
);
