import type { RunIncident } from "@otel-lifecycle/incidents";
import { chainTexts } from "./incident-chain.ts";
import { timelineLines } from "./incident-timeline.ts";
import { cleanUpText, outsideText, reachedText, unknownText } from "./incident-words.ts";
import type { Paint } from "./paint.ts";
import { screenText } from "./screen-text.ts";
import { secondsText } from "./seconds.ts";
import { lengthOf, wrapped } from "./wrapped.ts";

/** How an incident is written. */
export interface BlockStyle {
  /** How many characters a line may have; only a longer word exceeds it. */
  readonly columns: number;
  readonly paint: Paint;
}

/** What stands beside a label: a text for each line, which is broken where it is too long. */
type Field = readonly [label: string, texts: readonly string[]];

const INDENT = "  ";
const LABEL_WIDTH = 10;
const LONGEST_NAME = 60;
const LONGEST_SUMMARY = 160;
// What the fields of an incident may hold together is far less.
const LONGEST_TEXT = 2000;

/** One incident as lines: which run, what broke, what may be done, and on what that rests. */
export function incidentLines(incident: RunIncident, style: BlockStyle): readonly string[] {
  const { columns, paint } = style;
  const width = columns - INDENT.length - LABEL_WIDTH;
  const timeline = timelineLines(incident, { width, paint });
  return [
    ...headLines(incident, style),
    ...wrapped(screenText(incident.summary, LONGEST_SUMMARY), columns - INDENT.length).map(
      (line) => `${INDENT}${line}`,
    ),
    ...fieldsOf(incident).flatMap(([label, texts]) =>
      labelled(
        label,
        texts.flatMap((text) => wrapped(screenText(text, LONGEST_TEXT), width)),
        paint,
      ),
    ),
    ...labelled("evidence", timeline.length === 0 ? ["none is left"] : timeline, paint),
  ];
}

function headLines(incident: RunIncident, { columns, paint }: BlockStyle): readonly string[] {
  const { name, id, span_id: spanId } = incident.run;
  const run = screenText(name, LONGEST_NAME);
  const title = `${run} ${screenText(id ?? spanId ?? incident.incident_id, LONGEST_NAME)}`;
  const parts = whenTexts(incident).map((part) => screenText(part, LONGEST_NAME));
  const line = parts.join("   ");
  if (lengthOf(title) + 3 + lengthOf(line) <= columns)
    return [`${paint(title, "title")}   ${line}`];
  return [
    ...wrapped(title, columns).map((words) => paint(words, "title")),
    ...wrapped(parts.join(", "), columns - INDENT.length).map((words) => `${INDENT}${words}`),
  ];
}

function whenTexts({ run, result }: RunIncident): readonly string[] {
  const { started_at: start, ended_at: end, scope_kind: scope, scope_key: key } = run;
  const seconds =
    start === undefined || end === undefined
      ? Number.NaN
      : (Date.parse(end) - Date.parse(start)) / 1000;
  const hash = key === undefined ? "" : ` (${key.slice(0, 8)}…)`;
  return [
    seconds >= 0 ? `${result} after ${secondsText(seconds)}` : result,
    end ?? start ?? "",
    scope === undefined ? "" : `${scope}${hash}`,
  ].filter((part) => part !== "");
}

function fieldsOf(incident: RunIncident): readonly Field[] {
  const { cause, subcause, close, retry, redactions, run } = incident;
  const broke = subcause === undefined ? cause : `${cause}, ${subcause}`;
  const advice = `${retry.recommendation}, ${retry.confidence} confidence: ${retry.reason}`;
  const fields: readonly Field[] = [
    ["broke", [`${broke}; close class ${close.class}, ${close.confidence} confidence`]],
    ["reached", [reachedText(incident)]],
    ["outside", [outsideText(incident)]],
    ["clean-up", [cleanUpText(incident)]],
    ["advice", [advice]],
    ["unknown", [unknownText(incident)]],
    ["asked by", chainTexts(incident)],
    ["withheld", [redactions.join(", ")]],
    ["trace", [run.trace_id ?? ""]],
  ];
  return fields
    .map(([label, texts]): Field => [label, texts.filter((text) => text !== "")])
    .filter(([, texts]) => texts.length > 0);
}

/** Lines with a label before the first. */
function labelled(label: string, lines: readonly string[], paint: Paint): readonly string[] {
  return lines.map((line, at) => {
    const margin = at === 0 ? label.padEnd(LABEL_WIDTH) : " ".repeat(LABEL_WIDTH);
    return `${INDENT}${paint(margin, "aside")}${line}`.trimEnd();
  });
}
