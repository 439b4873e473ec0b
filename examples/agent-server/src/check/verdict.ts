import { fileURLToPath } from "node:url";
import type { AccountJson } from "why-closed";
import type { Directories } from "../demo/scenario.ts";
import { ANSWER, NOTES, NOTES_FILE, PROMPT, QUESTION, REPORT } from "../model/written-texts.ts";
import type { Driven } from "./driven.ts";
import { unmetExpectations } from "./expectation.ts";
import { unmetIncidents } from "./incident-check.ts";
import { leaks } from "./leak-check.ts";
import { missingLinks } from "./link-check.ts";
import { unmetKeys } from "./scope-key-check.ts";
import { unmetSpans } from "./span-check.ts";
import { wireIncidentsOf } from "./wire-incident.ts";
import { wireSpansOf } from "./wire-span.ts";

export interface Evidence {
  readonly driven: Driven;
  readonly directories: Directories;
  readonly account: AccountJson;
  /** The OTLP as it was received: traces, and logs. */
  readonly requests: readonly string[];
  readonly logRequests: readonly string[];
}

/** Everything that is wrong about what was received. Empty if it is what was driven. */
export const complaintsAbout = (evidence: Evidence): string[] => {
  const { driven, directories, account, requests, logRequests } = evidence;
  const spans = wireSpansOf(requests);
  return [
    ...unmetExpectations(driven, account),
    ...unmetSpans(driven, spans),
    ...unmetKeys(driven, spans),
    ...missingLinks(spans, account),
    ...unmetIncidents(driven, wireIncidentsOf(logRequests)),
    ...leaks([...requests, ...logRequests], {
      ...directories,
      // Stacks of errors would have it.
      program: fileURLToPath(new URL("..", import.meta.url)),
      prompt: PROMPT,
      toolInput: NOTES_FILE,
      question: QUESTION,
      report: REPORT,
      toolOutput: NOTES,
      answer: ANSWER,
    }),
  ];
};
