import {
  type Evidence,
  type EvidenceLog,
  type OwnEvidence,
  ownEvidence,
} from "@otel-lifecycle/incidents";
import type { LifecycleFact } from "./lifecycle-fact.ts";
import { closedBy, isSameRequest, propagatedTo, requestedBy } from "./requested-close.ts";
import { endedWith, type RunEnd } from "./run-end.ts";

/** All that it knows when the run has ended, beside what is among its evidence by then. */
export const factsAtEnd = (end: RunEnd, known: readonly Evidence[]): readonly LifecycleFact[] => {
  const { run, close, covers } = end;
  const facts: LifecycleFact[] = covers.map(requestedBy);
  const closing = closedBy(run, close);
  // It came out only by how the run ended.
  if (closing !== undefined && !isAmong(closing, facts, known)) facts.push(closing);
  const propagated = propagatedTo(run);
  if (propagated !== undefined) facts.push(propagated);
  // Which of those that asked it was, because one whose action has ended may have asked before.
  facts.push(endedWith(end, closing?.told));
  return facts;
};

const isAmong = (
  { told: { facts } }: LifecycleFact,
  others: readonly LifecycleFact[],
  known: readonly Evidence[],
): boolean =>
  others.some(({ told }) => isSameRequest(told.facts, facts)) ||
  known.some((one) => one.type === "close_requested" && isSameRequest(one.facts, facts));

/** Takes it down, as of the attempt that was under way at its place. */
export const addFact = (log: EvidenceLog, fact: LifecycleFact): void => {
  const before = fact.order ?? Number.POSITIVE_INFINITY;
  const last = log.evidence().findLast(({ order = 0 }) => order < before);
  log.add(evidenceOf(fact, last?.attempt ?? 0));
};

/** The same of a run of which nothing else is known. */
export const evidenceAlone = (fact: LifecycleFact): Evidence => evidenceOf(fact, 0);

const evidenceOf = ({ type, told, order, at }: LifecycleFact, attempt: number): OwnEvidence =>
  ownEvidence(type, told, { attempt, order, at });
