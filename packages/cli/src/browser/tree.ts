import { COMPLETED, classesOf, classOf } from "./close-class.ts";
import type { Filtered } from "./filter.ts";
import type { Picture, PictureAction, PictureRun } from "./picture.ts";

/** A line of the picture and what stands below it. */
export type Branch = {
  /** The same for the same thing in the next picture. */
  readonly key: string;
  readonly below: readonly Branch[];
} & (
  | { readonly type: "action"; readonly action: PictureAction; readonly index: number }
  | { readonly type: "group"; readonly name: string }
  | { readonly type: "run"; readonly run: PictureRun; readonly closer: PictureAction | undefined }
);

/** A branch as it is shown: flat, with what a tree grid has to say of it. */
export interface Row {
  readonly branch: Branch;
  /** 1 at the outermost level. */
  readonly level: number;
  /** 1 for the first among its siblings. */
  readonly position: number;
  readonly siblings: number;
  readonly isExpanded: boolean | undefined;
  /** The index of the row that it stands below. */
  readonly parent: number | undefined;
}

/** Which branches are open; what nobody opened or closed is as `isOpenAtFirst` has it. */
export type Openness = ReadonlyMap<string, boolean>;

/** The actions with the runs that they closed, then the other runs by class, the completed ones last. */
export function treeOf(picture: Picture, { runs, actions }: Filtered): readonly Branch[] {
  const byAction = grouped(runs, (run) => run.action);
  const keys = actionKeys(picture.actions);
  const roots: Branch[] = [];
  // The rows below each depth that are still open: an action comes before those nested in it.
  const open: Branch[][] = [];
  picture.actions.forEach((action, index) => {
    const below = (byAction.get(index) ?? []).map((run) => runBranch(run, action));
    open.length = action.depth;
    const siblings = action.depth === 0 ? roots : (open[action.depth - 1] ?? roots);
    siblings.push({ type: "action", key: keys[index] ?? "", below, action, index });
    open[action.depth] = below;
  });
  const shown = roots.flatMap((branch) => pruned(branch, actions));
  return [...shown, ...groupsOf(byAction.get(undefined) ?? [])];
}

/** A branch by its key, at whatever depth. */
export function findBranch(branches: readonly Branch[], key: string): Branch | undefined {
  for (const branch of branches) {
    const found = branch.key === key ? branch : findBranch(branch.below, key);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The open branches as rows. */
export function rowsOf(branches: readonly Branch[], openness: Openness): readonly Row[] {
  const rows: Row[] = [];
  const isOnly = branches.length === 1;
  const add = (siblings: readonly Branch[], level: number, parent: number | undefined): void => {
    siblings.forEach((branch, at) => {
      const isExpanded =
        branch.below.length === 0
          ? undefined
          : (openness.get(branch.key) ?? isOpenAtFirst(branch, isOnly));
      const index = rows.length;
      rows.push({ branch, level, position: at + 1, siblings: siblings.length, isExpanded, parent });
      if (isExpanded) add(branch.below, level + 1, index);
    });
  };
  add(branches, 1, undefined);
  return rows;
}

/** The runs at and below a branch. */
export function runsBelow(branch: Branch): readonly PictureRun[] {
  return branch.type === "run" ? [branch.run] : branch.below.flatMap(runsBelow);
}

// More are told by the density of their ends, until somebody wants to see each.
const LONGEST_OPEN = 50;

/** Completed runs are what nobody looks for here, unless there is nothing else. */
function isOpenAtFirst(branch: Branch, isOnly: boolean): boolean {
  if (isOnly) return true;
  const isCompleted = branch.type === "group" && branch.name === COMPLETED;
  return !isCompleted && branch.below.length <= LONGEST_OPEN;
}

/**
 * By the id, which an action has before its span comes and whatever comes before it; only a hostile
 * input has one twice.
 */
function actionKeys(actions: readonly PictureAction[]): readonly string[] {
  const seen = new Set<string>();
  return actions.map(({ id, traceId, spanId }) => {
    const key = seen.has(id) ? `action ${id} ${traceId} ${spanId}` : `action ${id}`;
    seen.add(id);
    return key;
  });
}

function pruned(branch: Branch, shown: ReadonlySet<number>): readonly Branch[] {
  if (branch.type !== "action") return [branch];
  const below = branch.below.flatMap((inner) => pruned(inner, shown));
  return below.length > 0 || shown.has(branch.index) ? [{ ...branch, below }] : [];
}

function groupsOf(runs: readonly PictureRun[]): readonly Branch[] {
  const byClass = grouped(runs, classOf);
  return classesOf(runs).map((name) => ({
    type: "group",
    key: `group ${name}`,
    name,
    below: (byClass.get(name) ?? []).map((run) => runBranch(run, undefined)),
  }));
}

function grouped<Key>(
  runs: readonly PictureRun[],
  keyOf: (run: PictureRun) => Key,
): ReadonlyMap<Key, readonly PictureRun[]> {
  const groups = new Map<Key, PictureRun[]>();
  for (const run of runs) {
    const group = groups.get(keyOf(run));
    if (group === undefined) groups.set(keyOf(run), [run]);
    else group.push(run);
  }
  return groups;
}

function runBranch(run: PictureRun, closer: PictureAction | undefined): Branch {
  const key = `run ${run.traceId} ${run.spanId}`;
  return { type: "run", key, below: [], run, closer };
}
