import type { ClosedRun } from "../account/run-account.ts";
import { lossText } from "./loss-words.ts";
import type { Cell, Row } from "./row.ts";
import { screenText } from "./screen-text.ts";
import { secondsText } from "./seconds.ts";
import { type Said, serviceText } from "./service-text.ts";

/** The longest id that is shown whole; ours have 26 characters, and what is searched for must be there. */
export const LONGEST_ID = 26;
/** The longest name or token from a span that is shown whole. */
export const LONGEST_NAME = 60;
// As long as `briefOf` makes one.
const LONGEST_SUMMARY = 160;

/** A run's name and id, and its service where that is another than was said above. */
export function runCell(run: ClosedRun, said: Said): Cell {
  const name = `${screenText(run.name, LONGEST_NAME)} ${screenText(run.id, LONGEST_ID)}`;
  return { text: `${name}${serviceText(run, said)}` };
}

/** How a run that an action closed ended. */
export function stoppedCell(run: ClosedRun): Cell {
  const isTimed = run.close.interruptSeconds !== undefined;
  const ending = run.result === "lost" || isTimed ? undefined : "stopped";
  return { text: listed([ending, ...endingOf(run)]) };
}

/** How a run ended that no action closed. */
export function endingCell(run: ClosedRun): Cell {
  return { text: listed(endingOf(run)) };
}

/** What a run's incident says in one line, to stand below the run. */
export function incidentRows({ incident }: ClosedRun): readonly Row[] {
  if (incident === undefined) return [];
  return [{ cells: [{ text: screenText(incident.summary, LONGEST_SUMMARY) }], below: [] }];
}

function endingOf({
  result,
  close,
  loss,
  endTimeUnixNano,
}: ClosedRun): readonly (string | undefined)[] {
  const { interruptSeconds, errorType, missing, confidence } = close;
  const isLost = result === "lost";
  return [
    // The class says it where nothing else had closed it by then.
    isLost && close.class !== "process_lost" ? "lost with its process" : undefined,
    isLost && endTimeUnixNano > 0n ? `last seen ${timeText(endTimeUnixNano)}` : undefined,
    interruptSeconds === undefined ? undefined : `stopped after ${secondsText(interruptSeconds)}`,
    // `timeout` and `process_lost` are both a class and its error type: once is enough.
    // And `AbortError` is what all that were stopped end with.
    // What was lost ends with `process_lost`, whatever had closed it by then.
    errorType === undefined ||
    errorType === close.class ||
    errorType === "AbortError" ||
    errorType === "process_lost"
      ? undefined
      : `ended with ${token(errorType)}`,
    missing.length === 0 ? undefined : `missing ${missing.slice(0, 5).map(token).join(" and ")}`,
    loss && lossText(loss),
    close.recovered ? "recovered from its journal" : undefined,
    confidence === undefined || confidence === "high"
      ? undefined
      : `${token(confidence)} confidence`,
  ];
}

function token(text: string): string {
  return screenText(text, LONGEST_NAME);
}

function listed(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(", ");
}

function timeText(unixNano: bigint): string {
  return new Date(Number(unixNano / 1_000_000n)).toISOString();
}
