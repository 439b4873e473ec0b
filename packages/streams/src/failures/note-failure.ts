import type { Run } from "@otel-lifecycle/api";
import { SOURCE } from "../source.ts";
import { failureOf } from "./failure-of.ts";

/**
 * Adds to the run's evidence what an error of a request to the provider proves: that its connection
 * broke or never stood, that it answered with an error, that nothing could be sent, that a limit
 * of `fetch` passed. Nothing
 * for aborts and for errors that prove nothing. For requests that fail before there is a stream:
 * what a stream throws, `observeStream` notes itself. Never throws.
 */
export const noteFailure = (run: Pick<Run, "evidence">, error: unknown): void => {
  const failure = failureOf(error);
  if (failure === undefined) return;
  run.evidence(failure.type, { ...SOURCE, ...failure.facts, error });
};
