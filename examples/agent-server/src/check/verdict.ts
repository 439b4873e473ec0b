import { fileURLToPath } from "node:url";
import type { AccountJson } from "why-closed";
import type { Directories } from "../demo/scenario.ts";
import { ANSWER, NOTES, NOTES_FILE, PROMPT, QUESTION } from "../model/written-texts.ts";
import type { Driven } from "./driven.ts";
import { unmetExpectations } from "./expectation.ts";
import { leaks } from "./leak-check.ts";
import { missingLinks } from "./link-check.ts";
import { unmetKeys } from "./scope-key-check.ts";
import { unmetSpans } from "./span-check.ts";
import { wireSpansOf } from "./wire-span.ts";

export interface Evidence {
  readonly driven: Driven;
  readonly directories: Directories;
  readonly account: AccountJson;
  /** The OTLP as it was received. */
  readonly requests: readonly string[];
}

/** Everything that is wrong about what was received. Empty if it is what was driven. */
export const complaintsAbout = ({ driven, directories, account, requests }: Evidence): string[] => {
  const spans = wireSpansOf(requests);
  return [
    ...unmetExpectations(driven, account),
    ...unmetSpans(driven, spans),
    ...unmetKeys(driven, spans),
    ...missingLinks(spans, account),
    ...leaks(requests, {
      ...directories,
      // Stacks of errors would have it.
      program: fileURLToPath(new URL("..", import.meta.url)),
      prompt: PROMPT,
      toolInput: NOTES_FILE,
      question: QUESTION,
      toolOutput: NOTES,
      answer: ANSWER,
    }),
  ];
};
