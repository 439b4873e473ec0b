import { type Command, type Ending, SCOPE_PARENTS, SETTLE_TIMEOUT_MS } from "./command.ts";

// What the rules say, as plainly as it can be said: no context, no signal, no slices, no cells.
// Every cause is kept for ever, and who closed a run is worked out from them when it ends. Runs in
// whose code an action is started (rule 5) are left to tests of their own.

/** What may close a run, with the time and the number of its initiation (rule 2). */
type Cause = Initiation | ModelAction;

interface Numbered {
  readonly at: number;
  readonly number: number;
}

interface Initiation extends Numbered {
  readonly type: "user_cancel" | "timeout" | "unknown_scope_close";
}

export interface ModelAction extends Numbered {
  readonly type: "lifecycle_action";
  readonly scope: number;
  readonly asks: boolean;
  /** The action in whose code it was started, be that over by now. */
  readonly begunIn: ModelAction | undefined;
  /** When its span ends whatever is still under way. */
  readonly timeout: number;
  readonly covered: Set<ModelRun>;
  /** Its code has not settled: the scope is closing. */
  open: boolean;
  /** What it counted; known once its span has ended. */
  counts: Counts | undefined;
  /** The runs that it closed and, where it asked them, those that had not stopped. */
  linked: readonly ModelRun[];
}

export interface ModelRun {
  readonly parent: ModelRun | undefined;
  /** The runs that began inside it. */
  readonly children: ModelRun[];
  /** The scopes with which it is closed: its own, those above, and those of the run around it. */
  readonly path: readonly number[];
  /** The action in whose code it began (rule 4). */
  readonly begunIn: ModelAction | undefined;
  readonly due: number | undefined;
  readonly causes: Cause[];
  readsSignal: boolean;
  /** The first that asked it to stop; its signal has that one's reason. */
  asked: Cause | undefined;
  /** It called `complete()`. */
  completed: boolean;
  /** Who closed it; known once it has ended. */
  verdict: Verdict | undefined;
}

export interface Verdict {
  readonly class: Cause["type"] | "completed" | "error" | "upstream_disconnect";
  readonly action?: ModelAction;
}

export interface Counts {
  readonly covered: number;
  readonly interrupted: number;
  readonly completed: number;
  readonly failed: number;
  readonly other: number;
  readonly unsettled: number;
}

/** The item that an index of a command means. */
export const pick = <T>(items: readonly T[], index: number): T | undefined =>
  items[index % Math.max(items.length, 1)];

export class Model {
  readonly runs: ModelRun[] = [];
  readonly actions: ModelAction[] = [];
  #time = 0;
  #number = 0;

  step(command: Command): void {
    switch (command.type) {
      case "begin run":
        this.#beginRun(command);
        break;
      case "start action":
        this.#startAction(command);
        break;
      case "end action":
        endCode(pick(this.actions, command.action));
        break;
      case "advance":
        this.#advance(this.#time + command.ms);
        break;
      default: {
        const run = pick(this.runs, command.run);
        if (run !== undefined && run.verdict === undefined) this.#stir(run, command);
      }
    }
    // Rule 8: an action's span ends when its code and all its runs have ended.
    for (const action of this.actions) {
      const waits = [...action.covered].some((run) => run.verdict === undefined);
      if (!action.open && !waits) endSpan(action);
    }
  }

  #stir(run: ModelRun, command: Extract<Command, { run: number }>): void {
    switch (command.type) {
      case "read signal":
        run.readsSignal = true;
        break;
      case "cancel":
        reach(run, this.#initiation("user_cancel"));
        break;
      case "abort":
        reach(run, this.#initiation("unknown_scope_close"));
        break;
      case "complete":
        run.completed = true;
        break;
      case "end run":
        run.verdict = verdictOf(run, command.ending);
        // Rule 11, of what it leaves behind: that is in the run around it from now on.
        inFlight(run.parent)?.children.push(...run.children);
    }
  }

  #beginRun(command: Extract<Command, { type: "begin run" }>): void {
    const { place, scope, readsSignal, deadlineMs } = command;
    const around = place.in === "run" ? pick(this.runs, place.run) : undefined;
    const parent = inFlight(around);
    const run: ModelRun = {
      parent,
      children: [],
      path: [...pathOf(scope), ...(parent?.path ?? [])],
      begunIn: place.in === "action" ? pick(this.actions, place.action) : around?.begunIn,
      due: deadlineMs === undefined ? undefined : this.#time + deadlineMs,
      causes: [],
      readsSignal,
      asked: undefined,
      completed: false,
      verdict: undefined,
    };
    this.runs.push(run);
    parent?.children.push(run);
    // Rule 11: it follows what asked the run around it, and whatever came to that one alone.
    if (parent?.asked !== undefined) reach(run, parent.asked);
    for (const cause of parent?.causes ?? []) if (!isAction(cause)) reach(run, cause);
    // Rule 4: its scope may be closing.
    for (const action of this.actions) {
      if (action.open && run.path.includes(action.scope)) reach(run, action);
    }
  }

  #startAction(command: Extract<Command, { type: "start action" }>): void {
    const { place, scope, interrupt } = command;
    const around = place.in === "action" ? pick(this.actions, place.action) : undefined;
    this.#number += 1;
    const action: ModelAction = {
      at: this.#time,
      number: this.#number,
      type: "lifecycle_action",
      scope,
      asks: interrupt === "signal",
      begunIn: around,
      timeout: this.#time + SETTLE_TIMEOUT_MS,
      covered: new Set(),
      open: true,
      counts: undefined,
      linked: [],
    };
    this.actions.push(action);
    for (const run of this.runs) if (run.path.includes(scope)) reach(run, action);
  }

  #advance(until: number): void {
    const deadlines = this.runs.map((run) => ({
      at: run.due ?? 0,
      pass: () => this.#passDeadline(run),
    }));
    const timeouts = this.actions.map((action) => ({
      at: action.timeout,
      pass: () => endSpan(action),
    }));
    const from = this.#time;
    for (const { at, pass } of [...deadlines, ...timeouts].sort((a, b) => a.at - b.at)) {
      if (at <= from || at > until) continue;
      this.#time = at;
      pass();
    }
    this.#time = until;
  }

  #passDeadline(run: ModelRun): void {
    if (run.verdict === undefined) reach(run, this.#initiation("timeout"));
  }

  #initiation(type: Initiation["type"]): Initiation {
    this.#number += 1;
    return { at: this.#time, number: this.#number, type };
  }
}

/** The run, or the nearest around it that has not ended. */
const inFlight = (run: ModelRun | undefined): ModelRun | undefined =>
  run?.verdict === undefined ? run : inFlight(run.parent);

/** A scope and those above it. */
const pathOf = (scope: number | undefined): readonly number[] =>
  scope === undefined ? [] : [scope, ...pathOf(SCOPE_PARENTS[scope])];

const isAction = (cause: Cause): cause is ModelAction => cause.type === "lifecycle_action";

const isWithin = (inner: ModelAction | undefined, outer: ModelAction): boolean =>
  inner !== undefined && (inner === outer || isWithin(inner.begunIn, outer));

/** A cause comes to a run in flight and, where it asks, to what runs inside it. */
const reach = (run: ModelRun, cause: Cause): void => {
  if (run.verdict !== undefined || run.causes.includes(cause)) return;
  if (isAction(cause)) {
    if (isWithin(run.begunIn, cause)) return;
    if (cause.counts === undefined) cause.covered.add(run);
  } else if (run.completed) return;
  run.causes.push(cause);
  if (!asks(cause) || run.completed) return;
  run.asked ??= cause;
  for (const child of run.children) reach(child, cause);
};

const asks = (cause: Cause): boolean => !isAction(cause) || cause.asks;

/** Rules 12 and 14: the first cause that stands closed it, or else its error did. */
const verdictOf = (run: ModelRun, ending: Ending): Verdict => {
  if (run.completed) return { class: "completed" };
  if (ending === "return") {
    // A recording action asks nobody, and a run that never reads its signal hears nobody.
    const heard = run.causes.filter((cause) => asks(cause) && stands(cause) && run.readsSignal);
    return earliest(heard) ?? { class: "completed" };
  }
  const standing = run.causes.filter((cause) => stands(cause) || isProven(cause, run, ending));
  return earliest(standing) ?? { class: CLASS_OF_ERROR[ending] };
};

const CLASS_OF_ERROR = {
  own: "error",
  reset: "upstream_disconnect",
  late: "timeout",
  "bare abort": "unknown_scope_close",
  // There is no reason but a bare abort where nobody asked.
  reason: "unknown_scope_close",
} as const;

/** Rule 3: a recording cover lapses with its action's code, a signalling one with its span. */
const stands = (cause: Cause): boolean => {
  if (!isAction(cause)) return true;
  return cause.asks ? cause.counts === undefined : cause.open;
};

/** Rules 3 and 13: unless the error carries its reason, or the signal that the run reads has it. */
const isProven = (cause: Cause, run: ModelRun, ending: Ending): boolean =>
  cause === run.asked && (ending === "reason" || (ending === "bare abort" && run.readsSignal));

/** Rule 2: by time, because a deadline counts from when it was due; then by number. */
const earliest = (causes: readonly Cause[]): Verdict | undefined => {
  const [first] = causes.toSorted((a, b) => a.at - b.at || a.number - b.number);
  if (first === undefined) return undefined;
  return isAction(first) ? { class: first.type, action: first } : { class: first.type };
};

/** What only records waits for nobody: its span ends with its code. */
const endCode = (action: ModelAction | undefined): void => {
  if (action === undefined) return;
  action.open = false;
  if (!action.asks) endSpan(action);
};

/** Rule 8: the action's span ends, and what became of its runs is counted. Once. */
const endSpan = (action: ModelAction): void => {
  action.open = false;
  if (action.counts !== undefined) return;
  const became = [...action.covered].map(({ verdict }) => {
    if (verdict === undefined) return "unsettled";
    return verdict.action === action ? "interrupted" : COUNTED_AS[verdict.class];
  });
  const count = (what: (typeof became)[number]) => became.filter((one) => one === what).length;
  action.counts = {
    covered: became.length,
    interrupted: count("interrupted"),
    completed: count("completed"),
    failed: count("failed"),
    other: count("other"),
    unsettled: count("unsettled"),
  };
  action.linked = [...action.covered].filter(({ verdict }) =>
    verdict === undefined ? action.asks : verdict.action === action,
  );
};

const COUNTED_AS = {
  completed: "completed",
  error: "failed",
  upstream_disconnect: "failed",
  timeout: "failed",
  user_cancel: "other",
  unknown_scope_close: "other",
  lifecycle_action: "other",
} as const;
