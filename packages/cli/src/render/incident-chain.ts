import type { ChainAction, RunIncident } from "@otel-lifecycle/incidents";

/** The actions from a run to who asked first, the nearest first, and what is missing on the way. */
export function chainTexts({ chain }: RunIncident): readonly string[] {
  const actions = chain.actions.map((action, at) =>
    at === 0 ? actionText(action) : `within ${actionText(action)}`,
  );
  return chain.gaps.length === 0 ? actions : [...actions, `not known: ${chain.gaps.join(", ")}`];
}

function actionText(action: ChainAction): string {
  const { kind, scope_kind: scope = "", scope_key: key, initiator, id } = action;
  const hash = key === undefined ? "" : ` (${key.slice(0, 8)}…)`;
  return [
    `${kind} ${scope}${hash}`.trimEnd(),
    originOf(action),
    initiator === undefined ? "" : `by ${initiator}`,
    id,
  ]
    .filter((part) => part !== "")
    .join(", ");
}

function originOf({ operation, signal, trigger }: ChainAction): string {
  return operation ?? signal ?? (trigger === "unknown" ? "" : trigger);
}
