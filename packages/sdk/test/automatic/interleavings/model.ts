import { type Command, type Ending, pick, SCOPE_PARENTS } from "./command.ts";

// What the rules say, as plainly as it can be said: every cause is kept for ever, and who closed
// what is worked out at its end. Work that begins in an action's own code is left to other tests.

/** A root or a run. */
export interface Work {
  readonly isRoot: boolean;
  /** The scopes with which it is closed. */
  readonly path: readonly number[];
  /** The run around it. */
  readonly parent: Work | undefined;
  /** The root below which it began. */
  readonly root: Work | undefined;
  readonly readsSignal: boolean;
  /** Rule 18: it left its place to a run below it. */
  hasYielded: boolean;
  /** What covered it, in that order. */
  readonly causes: Act[];
  asked: Act | undefined;
  verdict: Verdict | undefined;
  /** Of a root that yielded: what the runs below it that were closed leave it. */
  readonly left: Verdict[];
}

export interface Verdict {
  readonly class: "completed" | "error" | "lifecycle_action" | "nothing";
  readonly action?: Act;
  /** When what closed it was initiated. */
  readonly number: number;
}

export interface Act {
  readonly number: number;
  readonly scope: number | "process";
  readonly asks: boolean;
  readonly covered: Set<Work>;
  /** Its code is not done. */
  open: boolean;
  counts: Counts | undefined;
}

export interface Counts {
  readonly covered: number;
  readonly interrupted: number;
  readonly completed: number;
  readonly failed: number;
  readonly other: number;
  readonly unsettled: number;
}

export class Model {
  readonly works: Work[] = [];
  readonly acts: Act[] = [];
  #number = 0;

  /** What a snapshot has to say. */
  get inFlight(): { readonly runs: number; readonly actions: number } {
    return {
      runs: this.#running().length,
      actions: this.acts.filter(({ counts }) => counts === undefined).length,
    };
  }

  step(command: Command): void {
    this.#number += 1;
    switch (command.type) {
      case "begin root":
        this.#begin({ ...command, isRoot: true, below: undefined, readsSignal: false });
        break;
      case "begin run":
        this.#begin({ ...command, isRoot: false });
        break;
      case "start action":
        this.#act(command);
        break;
      case "end": {
        const work = pick(this.works, command.work);
        if (work !== undefined && work.verdict === undefined) this.#end(work, command.ending);
        break;
      }
      case "end action": {
        const act = pick(this.acts, command.action);
        if (act !== undefined) act.open = false;
      }
    }
    // Rule 8, and rule 3: what only records waits for nobody.
    for (const act of this.acts) {
      const waits = act.asks && [...act.covered].some(({ verdict }) => verdict === undefined);
      if (!act.open && !waits) count(act);
    }
  }

  /** Rule 21: what is in flight when the provider shuts down, and only then, is a shutdown's. */
  shutDown(): void {
    this.#number += 1;
    const open = this.works.filter(({ verdict }) => verdict === undefined);
    const shutdown = open.length === 0 ? undefined : this.#act({ scope: "process", asks: false });
    for (const work of this.#running()) {
      const asker = work.readsSignal ? work.asked : undefined;
      work.verdict = this.#leave(
        work,
        earliest(work.causes.filter((act) => stands(act) || act === asker)),
      );
    }
    for (const root of open) {
      if (!root.hasYielded) continue;
      if (root.left.length === 0 && shutdown !== undefined) root.left.push(byAction(shutdown));
      root.verdict = inherited(root);
    }
    for (const act of this.acts) count(act);
  }

  #running(): readonly Work[] {
    return this.works.filter(({ verdict, hasYielded }) => verdict === undefined && !hasYielded);
  }

  #begin(start: {
    readonly isRoot: boolean;
    readonly scope: number;
    readonly below: number | undefined;
    readonly readsSignal: boolean;
  }): void {
    const around = start.below === undefined ? undefined : pick(this.works, start.below);
    const parent = around?.isRoot === true ? undefined : inFlight(around);
    const root = around?.isRoot === true ? around : around?.root;
    const work: Work = {
      isRoot: start.isRoot,
      path: [...pathOf(start.scope), ...(parent?.path ?? [])],
      parent,
      root,
      readsSignal: start.readsSignal,
      hasYielded: false,
      causes: [],
      asked: undefined,
      verdict: undefined,
      left: [],
    };
    if (root !== undefined && root.verdict === undefined) giveWay(root, this.acts);
    this.works.push(work);
    // Rule 11: it follows what asked the run around it. Rule 4: its scope may be closing.
    if (parent?.asked !== undefined) reach(work, parent.asked);
    for (const act of this.acts) if (act.open && isOn(work, act)) reach(work, act);
  }

  #act({ scope, asks }: Pick<Act, "scope" | "asks">): Act {
    const number = this.#number;
    const act: Act = { number, scope, asks, covered: new Set(), open: true, counts: undefined };
    this.acts.push(act);
    for (const work of this.#running()) if (isOn(work, act)) reach(work, act);
    return act;
  }

  #end(work: Work, ending: Ending): void {
    work.verdict = work.hasYielded ? inherited(work) : this.#leave(work, verdictOf(work, ending));
  }

  // An error that nobody caused is its own cause, now.
  #leave(work: Work, found: Verdict | undefined): Verdict {
    const verdict = found ?? { class: "error", number: this.#number };
    const { root } = work;
    if (verdict.class !== "completed" && root?.verdict === undefined) root?.left.push(verdict);
    return verdict;
  }
}

/** Rules 12, 16 and 17. */
const verdictOf = (work: Work, ending: Ending): Verdict | undefined => {
  if (ending !== "plain") {
    const asker = ending === "reason" && work.readsSignal ? work.asked : undefined;
    const standing = work.causes.filter((act) => stands(act) || act === asker);
    // A root that failed while it was only recorded failed by itself.
    return earliest(standing.filter(({ asks }) => asks || !work.isRoot));
  }
  const heard = work.readsSignal ? work.causes.filter((act) => act.asks && stands(act)) : [];
  return earliest(heard) ?? { class: "completed", number: 0 };
};

/** Rule 18. */
const inherited = ({ left }: Work): Verdict =>
  [...left].sort((one, other) => one.number - other.number)[0] ?? { class: "nothing", number: 0 };

const giveWay = (root: Work, acts: readonly Act[]): void => {
  if (root.hasYielded) return;
  root.hasYielded = true;
  for (const { covered, counts } of acts) if (counts === undefined) covered.delete(root);
};

const reach = (work: Work, act: Act): void => {
  if (work.causes.includes(act)) return;
  work.causes.push(act);
  if (act.counts === undefined) act.covered.add(work);
  if (act.asks) work.asked ??= act;
};

const stands = (act: Act): boolean => (act.asks ? act.counts === undefined : act.open);

const isOn = ({ path }: Work, { scope }: Act): boolean =>
  scope === "process" || path.includes(scope);

const pathOf = (scope: number | undefined): readonly number[] =>
  scope === undefined ? [] : [scope, ...pathOf(SCOPE_PARENTS[scope])];

/** The run, or the nearest around it that has not ended. */
const inFlight = (work: Work | undefined): Work | undefined =>
  work?.verdict === undefined ? work : inFlight(work.parent);

const earliest = (acts: readonly Act[]): Verdict | undefined => {
  const [first] = [...acts].sort((one, other) => one.number - other.number);
  return first === undefined ? undefined : byAction(first);
};

const byAction = (action: Act): Verdict => ({
  class: "lifecycle_action",
  action,
  number: action.number,
});

const count = (act: Act): void => {
  act.open = false;
  if (act.counts !== undefined) return;
  const became = [...act.covered].map(({ verdict }) => {
    if (verdict === undefined) return "unsettled";
    if (verdict.class === "lifecycle_action")
      return verdict.action === act ? "interrupted" : "other";
    return verdict.class === "completed" ? "completed" : "failed";
  });
  const of = (what: (typeof became)[number]) => became.filter((one) => one === what).length;
  act.counts = {
    covered: became.length,
    interrupted: of("interrupted"),
    completed: of("completed"),
    failed: of("failed"),
    other: of("other"),
    unsettled: of("unsettled"),
  };
};
