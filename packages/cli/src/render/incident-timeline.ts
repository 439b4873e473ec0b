import type { IncidentEvidence, RunIncident } from "@otel-lifecycle/incidents";
import { evidenceText } from "./incident-words.ts";
import type { Paint } from "./paint.ts";
import { screenText } from "./screen-text.ts";
import { secondsText } from "./seconds.ts";
import { lengthOf, wrapped } from "./wrapped.ts";

/** One line of the timeline: when, what, and what else is known of it. */
interface Moment {
  readonly time: string;
  readonly type: string;
  readonly detail: string;
  readonly role: IncidentEvidence["role"] | "left_out";
}

// As long as the longest type of ours.
const WIDEST_TYPE = 26;
const NARROWEST_DETAIL = 20;
const LONGEST_DETAIL = 300;

/** The kept evidence in order, a line each, and in place how much was left out. */
export function timelineLines(
  incident: RunIncident,
  { width, paint }: { readonly width: number; readonly paint: Paint },
): readonly string[] {
  const moments = momentsOf(incident);
  const times = Math.max(0, ...moments.map(({ time }) => lengthOf(time)));
  const types = Math.min(WIDEST_TYPE, Math.max(0, ...moments.map(({ type }) => lengthOf(type))));
  const room = Math.max(NARROWEST_DETAIL, width - times - types - 4);
  return moments.flatMap(({ time, type, detail, role }) => {
    const [first = "", ...rest] = wrapped(detail, room);
    const what = type.padEnd(types);
    const line = `${time.padStart(times)}  ${painted(what, role, paint)}  ${first}`.trimEnd();
    return [line, ...rest.map((more) => `${" ".repeat(times + types + 4)}${more}`)];
  });
}

function painted(text: string, role: Moment["role"], paint: Paint): string {
  if (role === "initiating") return paint(text, "failure");
  if (role === "terminal") return paint(text, "title");
  return role === "left_out" ? paint(text, "aside") : text;
}

function momentsOf({ evidence, omitted, facts }: RunIncident): readonly Moment[] {
  const kept = evidence.flatMap((piece) => [
    ...leftOut(piece.omitted_before ?? 0),
    momentOf(piece, facts),
  ]);
  const before = evidence.reduce((sum, { omitted_before: count = 0 }) => sum + count, 0);
  // What was left out behind the last has no piece to be told at.
  return [...kept, ...leftOut(omitted.total - before)];
}

function leftOut(count: number): readonly Moment[] {
  if (count <= 0) return [];
  return [{ time: "", type: `… ${count} left out`, detail: "", role: "left_out" }];
}

function momentOf(evidence: IncidentEvidence, facts: RunIncident["facts"]): Moment {
  const { type, time, role } = evidence;
  const ending = role === "initiating" ? "← began the end" : role === "terminal" ? "← the end" : "";
  const detail = screenText(evidenceText(evidence, facts), LONGEST_DETAIL);
  return {
    time: time === undefined ? "" : timeText(time),
    type: screenText(type, WIDEST_TYPE),
    detail: detail === "" ? ending : `${detail} ${ending}`.trimEnd(),
    role,
  };
}

function timeText(seconds: number): string {
  // Less than half a millisecond before the run began is no time before it: two clocks were read.
  return seconds > -0.0005 ? secondsText(seconds) : `-${secondsText(-seconds)}`;
}
