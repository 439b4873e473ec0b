import type {
  ActionBody,
  BeginBody,
  CauseBody,
  DoneBody,
  EndBody,
  FinishedBody,
  RunBody,
  SettledBody,
  SpanStartBody,
} from "../format/bodies.ts";
import type { RecordType } from "../format/record.ts";
import {
  isBegin,
  isCause,
  isDone,
  isEnd,
  isFinished,
  isObject,
  isSettled,
  isYielded,
} from "./body-forms.ts";

/** All that a journal holds of one span. */
export interface SpanRecords {
  /** The latest beginning. */
  begin: BeginBody | undefined;
  finished: FinishedBody | undefined;
  end: EndBody | undefined;
  settled: SettledBody | undefined;
  /** The numbers of the runs that it was, and is no more. */
  overs: number[];
  done: DoneBody | undefined;
  causes: CauseBody[];
  /** Evidence as it stands there, each once. */
  evidence: Map<string, unknown>;
}

export const noRecords = (): SpanRecords => ({
  begin: undefined,
  finished: undefined,
  end: undefined,
  settled: undefined,
  overs: NONE,
  done: undefined,
  causes: NO_CAUSES,
  evidence: NO_EVIDENCE,
});

// Shared, because most spans have neither.
const NONE: number[] = [];
const NO_CAUSES: CauseBody[] = [];
const NO_EVIDENCE: Map<string, unknown> = new Map();

/** Adds a record, which may stand there twice and in any order; false if its body has another form. */
export const addRecord = (span: SpanRecords, type: RecordType, body: unknown): boolean => {
  switch (type) {
    case "B":
      if (!isBegin(body)) return false;
      if (span.begin === undefined || placeOf(body) > placeOf(span.begin)) span.begin = body;
      return true;
    case "F":
      if (!isFinished(body)) return false;
      span.finished = body;
      return true;
    case "E":
      if (!isEnd(body)) return false;
      span.end = body;
      return true;
    case "U":
      if (!isSettled(body)) return false;
      if (body.q >= (span.settled?.q ?? 0)) span.settled = body;
      span.overs = [...span.overs, body.q];
      return true;
    case "Y":
      if (!isYielded(body)) return false;
      span.overs = [...span.overs, body.q];
      return true;
    case "D":
      if (!isDone(body)) return false;
      span.done = laterOf(span.done, body);
      return true;
    case "C":
      if (!isCause(body)) return false;
      span.causes = [...span.causes, body];
      return true;
    case "V":
      if (!isObject(body)) return false;
      span.evidence = new Map(span.evidence).set(JSON.stringify(body), body);
      return true;
    default:
      return false;
  }
};

/** What became of a span, as far as its journal tells. */
export type RecordedSpan =
  | { readonly type: "finished"; readonly body: FinishedBody }
  | {
      readonly type: "ended";
      readonly start: BeginBody;
      readonly end: EndBody;
      /** If it was an action's. */
      readonly action?: OpenAction;
    }
  /** The run is over, and its span was not. */
  | { readonly type: "settled"; readonly start: SpanStartBody; readonly settled: SettledBody }
  /** It was none any more, and its span was open. */
  | { readonly type: "yielded"; readonly start: SpanStartBody; readonly run: OpenRun }
  | { readonly type: "open_run"; readonly start: SpanStartBody; readonly run: OpenRun }
  | { readonly type: "open_action"; readonly start: SpanStartBody; readonly action: OpenAction };

/** A run that was open when its process went. */
export interface OpenRun {
  /** As it began. */
  readonly r: RunBody["r"];
  /** What was initiated in its own cell. */
  readonly causes: readonly CauseBody[];
  readonly evidence: readonly unknown[];
}

/** An action that was open when its process went. */
export interface OpenAction extends Readonly<ActionBody["c"]> {
  /** The thread's counter when its code was done. */
  readonly done: number | undefined;
  /** Its cover has lapsed. */
  readonly hasLapsed: boolean;
}

/** Undefined where the beginning is missing. */
export const recordedSpan = (span: SpanRecords): RecordedSpan | undefined => {
  const { begin, end, finished } = span;
  if (finished !== undefined) return { type: "finished", body: finished };
  if (begin === undefined) return undefined;
  const action = "c" in begin ? openAction(begin, span) : undefined;
  if (end !== undefined) return { type: "ended", start: begin, end, ...(action && { action }) };
  if (action !== undefined) return { type: "open_action", start: begin, action };
  if (!("r" in begin)) return undefined;
  const { settled, overs } = span;
  const run = openRun(begin, span);
  if (settled !== undefined && settled.q >= begin.r.q)
    return { type: "settled", start: begin, settled };
  const isOver = overs.some((q) => q >= begin.r.q);
  if (isOver) return { type: "yielded", start: begin, run };
  return { type: "open_run", start: withScope(begin), run };
};

const withScope = (begin: SpanStartBody & RunBody): SpanStartBody => {
  const { a: scope } = begin.r;
  return scope === undefined ? begin : { ...begin, a: { ...begin.a, ...scope } };
};

const openRun = ({ r }: RunBody, { overs, causes, evidence }: SpanRecords): OpenRun => {
  // What belongs to a run that the span was before does not count.
  const wasBefore = overs.length > 0 && overs.some((q) => q < r.q);
  const isOfThis = (q: unknown): boolean => !wasBefore || typeof q !== "number" || q > r.q;
  return {
    r,
    causes: causes.length === 0 ? causes : causes.filter(({ q }) => isOfThis(q)),
    evidence:
      evidence.size === 0
        ? NONE
        : [...evidence.values()].filter((one) => isOfThis(isObject(one) && one["order"])),
  };
};

/** As a cover sees it, whether its span has ended or not. */
const openAction = ({ c }: ActionBody, { done }: SpanRecords): OpenAction => ({
  ...c,
  done: done?.q,
  hasLapsed: done?.o === true,
  final: c.final || done?.final === true,
});

const placeOf = (begin: BeginBody): number => ("r" in begin ? begin.r.q : begin.c.q);

// The first time that it was done, and what has become of its cover by now.
const laterOf = (known: DoneBody | undefined, next: DoneBody): DoneBody =>
  known === undefined ? next : { ...known, ...next, q: Math.min(known.q, next.q) };
