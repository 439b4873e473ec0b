import type { CloseClass } from "@otel-lifecycle/api";
import type { Draft } from "../draft.ts";
import type { EndFacts, Evidence, RequestedClose, SafeFacts } from "../evidence.ts";
import { errorThrough, safeErrorThrough } from "./error-facts.ts";
import { closeThrough, endThrough } from "./safe-close.ts";
import { createSieve, type Sieve } from "./sieve.ts";

declare const SIEVED: unique symbol;

/** Facts that went through the sieve; only the functions of this file make them. */
export interface OwnFacts extends Pick<Evidence, "facts" | "redactions"> {
  readonly [SIEVED]: true;
}

/** Evidence that this project itself makes. It needs no sieve, because its facts went through one. */
export interface OwnEvidence extends Evidence {
  readonly type: "close_requested" | "close_propagated" | "run_ended";
  readonly [SIEVED]: true;
}

/** What asked a run to stop. All runs that the same one asked may share what this gives. */
export const requestFacts = (close: RequestedClose): OwnFacts =>
  sieved((sieve) => ({ close: closeThrough(sieve, close) }));

/**
 * What a run ended with: the close, who asked for it where it names somebody, and the error, one
 * that was thrown or what its span says of one.
 */
export interface EndTold {
  readonly end: EndFacts & { readonly class: CloseClass };
  readonly thrown: { readonly error: unknown } | undefined;
  readonly errorType: string | undefined;
  readonly closing: OwnFacts | undefined;
}

export const endFacts = ({ end, thrown, errorType, closing }: EndTold): OwnFacts =>
  sieved((sieve) => {
    const safe = {
      end: endThrough(sieve, end),
      // It went through a sieve of its own.
      ...(closing?.facts.close === undefined ? undefined : { close: closing.facts.close }),
    };
    if (thrown !== undefined) return { ...safe, error: errorThrough(sieve, thrown.error) };
    if (errorType === undefined) return safe;
    return { ...safe, error: safeErrorThrough(sieve, { proof: "error", name: errorType }) };
  });

/** Where a piece of it belongs, if that is known. */
export interface OwnPlace {
  readonly attempt: number;
  /** On the thread's counter. */
  readonly order: number | undefined;
  /** In ms on the monotonic clock. */
  readonly at: number | undefined;
}

/** One piece of it. */
export const ownEvidence = (
  type: OwnEvidence["type"],
  { facts, redactions }: OwnFacts,
  { attempt, order, at }: OwnPlace,
): OwnEvidence => {
  const evidence: Draft<Evidence> = {
    type,
    source: "lifecycle",
    count: 1,
    attempt,
    facts,
    redactions,
  };
  if (order !== undefined) evidence.order = order;
  if (at !== undefined) evidence.at = at;
  // The cast is what makes it ours.
  return evidence as OwnEvidence;
};

const sieved = (read: (sieve: Sieve) => { [F in keyof SafeFacts]: SafeFacts[F] | undefined }) => {
  const sieve = createSieve();
  const facts = read(sieve);
  // The cast is what makes them ours.
  return { facts, redactions: sieve.redactions() } as OwnFacts;
};
