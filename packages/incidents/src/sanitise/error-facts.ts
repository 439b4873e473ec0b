import { codeOf, errorsOf, nameOf, proofOf } from "@otel-lifecycle/api/internal";
import type { ErrorFacts } from "../evidence.ts";
import { isName } from "./name.ts";
import { createSieve, fieldOf, present, type Sieve } from "./sieve.ts";
import { ERROR_PROOFS, isOneOf } from "./vocabulary.ts";

/** An error reduced to its names and codes and those of its causes. Reads no message, never throws. */
export const errorFacts = (error: unknown): ErrorFacts => errorThrough(createSieve(), error);

/** The same, and the sieve knows what was withheld. */
export const errorThrough = (sieve: Sieve, error: unknown): ErrorFacts => {
  const [first, ...causes] = errorsOf(error);
  return present<ErrorFacts>({
    proof: proofTypeOf(error),
    name: first && sieve.text("error.name", nameOf(first), isName),
    code: first && sieve.text("error.code", codeOf(first), isName),
    causeName: sieve.text("error.cause_name", firstOf(causes, nameOf), isName),
    causeCode: sieve.text("error.cause_code", firstOf(causes, codeOf), isName),
  });
};

/** Facts of an error that come from outside, sanitised again. */
export const safeErrorThrough = (sieve: Sieve, given: unknown): ErrorFacts | undefined => {
  if (given === undefined || given === null) return undefined;
  return present<ErrorFacts>({
    proof: sieve.pick("error.proof", fieldOf(given, "proof"), isOneOf(ERROR_PROOFS)) ?? "error",
    name: sieve.text("error.name", fieldOf(given, "name"), isName),
    code: sieve.text("error.code", fieldOf(given, "code"), isName),
    causeName: sieve.text("error.cause_name", fieldOf(given, "causeName"), isName),
    causeCode: sieve.text("error.cause_code", fieldOf(given, "causeCode"), isName),
  });
};

const proofTypeOf = (error: unknown): ErrorFacts["proof"] => {
  const { type } = proofOf(error);
  return isOneOf(ERROR_PROOFS)(type) ? type : "error";
};

/** Of the nearest cause that has one. */
const firstOf = (
  causes: readonly object[],
  read: (cause: object) => string | undefined,
): string | undefined => {
  for (const cause of causes) {
    const found = read(cause);
    if (found !== undefined) return found;
  }
  return undefined;
};
