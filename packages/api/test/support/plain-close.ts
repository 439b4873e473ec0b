import type { Close, Run } from "@otel-lifecycle/api";

/** A run's close with the kind of its action in the action's place, so that it compares as a whole. */
export function plainClose({ close }: Run): PlainClose | undefined {
  return close?.type === "lifecycle_action" ? { ...close, action: close.action.kind } : close;
}

export type PlainClose =
  | Exclude<Close, { type: "lifecycle_action" }>
  | (Omit<Extract<Close, { type: "lifecycle_action" }>, "action"> & { readonly action: string });

/** The four words that say who closed a run: result aside, the same as its span carries. */
export function verdictOf(run: Run): string {
  const close = plainClose(run);
  if (close === undefined) return "in flight";
  if (close.type === "completed") return close.type;
  const by = close.type === "lifecycle_action" ? `${close.type} ${close.action}` : close.type;
  return `${by} ${close.confidence}`;
}
