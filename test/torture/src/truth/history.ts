import type {
  ActionFacts,
  CloseFacts,
  Ending,
  RunFacts,
  ServerFacts,
  SpanFacts,
  Step,
} from "./steps.ts";

// Moments are the numbers of lines in the side channel: one thread wrote them, so they are in order.

/** A run, as its process told it. */
export interface RunTruth {
  readonly k: number;
  readonly facts: RunFacts;
  /** The line before it began. */
  readonly begunAt: number;
  /** Its span, once it certainly began. */
  span?: SpanFacts;
  readonly cancels: { readonly at: number; isCertain: boolean }[];
  /** How it was about to end. */
  ending?: Ending;
  /** What became of it, once it certainly ended. */
  close?: CloseFacts;
  /** A run below it may have taken its place, or certainly did. */
  yielded?: "maybe" | "certainly";
}

/** An action, as its process told it. */
export interface ActionTruth {
  readonly k: number;
  readonly facts: ActionFacts;
  readonly begunAt: number;
  /** Its span, once its scope was certainly covered. */
  span?: SpanFacts & { readonly id: string };
  /** The line before its code was done, and whether that certainly happened. */
  doneAt?: number;
  isDone?: boolean;
  /** Its span has certainly ended. */
  isOver?: boolean;
}

/** A process, as it told of itself before it died. */
export interface History {
  readonly server: ServerFacts | undefined;
  readonly runs: ReadonlyMap<number, RunTruth>;
  readonly actions: ReadonlyMap<number, ActionTruth>;
  readonly shutdown: ShutdownTruth | undefined;
  /** Span ids whose acknowledgement the journal certainly has. */
  readonly acknowledged: ReadonlySet<string>;
  readonly warnings: readonly string[];
}

export interface ShutdownTruth {
  readonly by: "signal" | "exit" | "throw";
  readonly at: number;
  isCertain: boolean;
}

/** Reads what a side channel holds; a last line that is torn was never written. */
export const historyOf = (text: string): History => {
  const draft = emptyDraft();
  const lines = text.split("\n");
  lines.pop();
  for (const [at, line] of lines.entries()) add(draft, JSON.parse(line) as Step, at);
  return draft;
};

interface Draft {
  server: ServerFacts | undefined;
  readonly runs: Map<number, RunTruth>;
  readonly actions: Map<number, ActionTruth>;
  shutdown: ShutdownTruth | undefined;
  readonly acknowledged: Set<string>;
  readonly warnings: string[];
}

const emptyDraft = (): Draft => ({
  server: undefined,
  runs: new Map(),
  actions: new Map(),
  shutdown: undefined,
  acknowledged: new Set(),
  warnings: [],
});

const add = (draft: Draft, step: Step, at: number): void => {
  switch (step[0]) {
    case "P":
      draft.server = step[1];
      return;
    case "T":
      draft.shutdown ??= { by: step[1], at, isCertain: false };
      return;
    case "t":
      if (draft.shutdown !== undefined) draft.shutdown.isCertain = true;
      return;
    case "K":
      for (const span of step[1]) draft.acknowledged.add(span);
      return;
    case "W":
      draft.warnings.push(step[1]);
      return;
    case "A":
    case "a":
    case "D":
    case "d":
    case "O":
      addToAction(draft, step, at);
      return;
    default:
      addToRun(draft, step, at);
  }
};

type ActionStep = Extract<Step, readonly ["A" | "a" | "D" | "d" | "O", ...(readonly unknown[])]>;
type RunStep = Extract<Step, readonly ["B" | "b" | "X" | "x" | "E" | "e", ...(readonly unknown[])]>;

const addToAction = ({ actions }: Draft, step: ActionStep, at: number): void => {
  const k = step[1];
  if (step[0] === "A") actions.set(k, { k, facts: step[2], begunAt: at });
  const action = actions.get(k);
  if (action === undefined) return;
  if (step[0] === "a") action.span = step[2];
  if (step[0] === "D") action.doneAt = at;
  if (step[0] === "d") action.isDone = true;
  if (step[0] === "O") action.isOver = true;
};

const addToRun = ({ runs }: Draft, step: RunStep, at: number): void => {
  const k = step[1];
  if (step[0] === "B") runs.set(k, { k, facts: step[2], begunAt: at, cancels: [] });
  const run = runs.get(k);
  if (run === undefined) return;
  const root = run.facts.root === undefined ? undefined : runs.get(run.facts.root);
  if (step[0] === "B" && root !== undefined) root.yielded ??= "maybe";
  if (step[0] === "b") {
    run.span = step[2];
    if (root !== undefined) root.yielded = "certainly";
  }
  if (step[0] === "X") run.cancels.push({ at, isCertain: false });
  if (step[0] === "x") for (const cancel of run.cancels) cancel.isCertain = true;
  if (step[0] === "E") run.ending = step[2];
  if (step[0] === "e") run.close = step[2];
};
