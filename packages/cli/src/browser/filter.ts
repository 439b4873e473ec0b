import { classOf } from "./close-class.ts";
import type { Picture, PictureAction, PictureRun } from "./picture.ts";

/** Which runs are shown. What is empty or undefined asks for nothing. */
export interface Filter {
  readonly classes: ReadonlySet<string>;
  readonly scope: string;
  readonly service: string;
  /** The id of an action: its runs and those of the actions nested in it. */
  readonly action: string;
  /** In a name, an id, or what is known of the action. */
  readonly text: string;
}

export const NO_FILTER: Filter = {
  classes: new Set(),
  scope: "",
  service: "",
  action: "",
  text: "",
};

/** The runs and actions that a filter leaves, and how many runs each class would have. */
export interface Filtered {
  readonly runs: readonly PictureRun[];
  /** The indexes of the actions that are shown though none of their runs may be. */
  readonly actions: ReadonlySet<number>;
  /** By class, regardless of the classes that are asked for. */
  readonly counts: ReadonlyMap<string, number>;
}

export function filtered(picture: Picture, filter: Filter): Filtered {
  const inside = filter.action === "" ? undefined : subtreeOf(picture.actions, filter.action);
  const text = filter.text.trim().toLowerCase();
  const actionTexts = picture.actions.map((action) => textsOf(actionFields(action)));
  const counts = new Map<string, number>();
  const runs = picture.runs.filter((run) => {
    const owner = run.action === undefined ? "" : (actionTexts[run.action] ?? "");
    if (!isAskedFor(run, filter) || !(inside === undefined || inside.has(run.action ?? -1)))
      return false;
    if (text !== "" && !owner.includes(text) && !textsOf(runFields(run)).includes(text))
      return false;
    const name = classOf(run);
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return filter.classes.size === 0 || filter.classes.has(name);
  });
  const actions = picture.actions.flatMap((action, index) => {
    const isShown =
      (inside === undefined || inside.has(index)) &&
      isAskedFor(action, filter) &&
      (actionTexts[index] ?? "").includes(text) &&
      (filter.classes.size === 0 || filter.classes.has("lifecycle_action"));
    return isShown ? [index] : [];
  });
  return { runs, actions: new Set(actions), counts };
}

/** The indexes of an action and of all nested in it; none if there is no such action. */
function subtreeOf(actions: readonly PictureAction[], id: string): ReadonlySet<number> {
  const root = actions.findIndex((action) => action.id === id);
  const inside = new Set<number>();
  const depth = actions[root]?.depth ?? 0;
  for (let index = root; index >= 0 && index < actions.length; index += 1) {
    if (index > root && (actions[index]?.depth ?? 0) <= depth) break;
    inside.add(index);
  }
  return inside;
}

/** The distinct values of a field, sorted, for a list to choose from. */
export function choicesOf(picture: Picture, field: "scope" | "service"): readonly string[] {
  const values = [...picture.actions, ...picture.runs].flatMap((span) => span[field] ?? []);
  return [...new Set(values)].sort();
}

function isAskedFor(span: PictureRun | PictureAction, { scope, service }: Filter): boolean {
  return (scope === "" || span.scope === scope) && (service === "" || span.service === service);
}

function actionFields(action: PictureAction): readonly (string | undefined)[] {
  const { id, traceId, spanId, kind, scope, scopeKey, operation, signal, trigger } = action;
  return [id, traceId, spanId, kind, scope, scopeKey, operation, signal, trigger];
}

function runFields(run: PictureRun): readonly (string | undefined)[] {
  const { id, traceId, spanId, name, scope, scopeKey, errorType, class: closeClass } = run;
  return [id, traceId, spanId, name, scope, scopeKey, errorType, closeClass];
}

function textsOf(fields: readonly (string | undefined)[]): string {
  return fields.join("\n").toLowerCase();
}
