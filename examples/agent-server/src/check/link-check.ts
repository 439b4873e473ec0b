import { ATTR_INTERRUPT_RESULT, ATTR_LINK_TYPE } from "@otel-lifecycle/api";
import type { AccountJson } from "why-closed";
import type { WireSpan } from "./wire-span.ts";

/**
 * Which links are missing between the actions of the account and the runs that they closed: from
 * the run to the action, from the action to the run, and from an interrupt below the action.
 */
export const missingLinks = (spans: readonly WireSpan[], account: AccountJson): string[] => {
  const actions = new Map(account.actions.map((action) => [action.id, keyOf(action)]));

  return account.runs.flatMap((run) => {
    if (run.actionId === null) return [];
    const runKey = keyOf(run);
    const actionKey = actions.get(run.actionId) ?? "";
    const interrupts = spans.filter(
      (span) => span.parentKey === actionKey && span.attributes.has(ATTR_INTERRUPT_RESULT),
    );
    const required = [
      ["no link closed_by to its action", hasLink(withKey(spans, runKey), "closed_by", actionKey)],
      ["no link from its action", hasLink(withKey(spans, actionKey), "interrupts", runKey)],
      ["no interrupt span links to it", hasLink(interrupts, "interrupts", runKey)],
    ] as const;
    return required.flatMap(([complaint, holds]) => (holds ? [] : [`${run.id}: ${complaint}`]));
  });
};

const keyOf = (span: { readonly traceId: string; readonly spanId: string }): string =>
  `${span.traceId}/${span.spanId}`;

const withKey = (spans: readonly WireSpan[], key: string): WireSpan[] =>
  spans.filter((span) => span.key === key);

const hasLink = (spans: readonly WireSpan[], type: string, key: string): boolean =>
  spans.some(({ links }) =>
    links.some((link) => link.key === key && link.attributes.get(ATTR_LINK_TYPE) === type),
  );
