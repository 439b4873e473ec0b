import type { Attributes } from "@opentelemetry/api";
import type { Cover } from "../actions/cover.ts";
import type { Cause } from "../closes/cause.ts";
import { reportFailure } from "../diagnostics.ts";
import { registry } from "../registry.ts";
import type { ManagedRun } from "../runs/managed-run.ts";
import type { EvidenceFacts } from "./evidence.ts";

/** What takes the evidence of runs down, where somebody asked for incidents. */
export interface EvidenceRecorder {
  /** A fact of a run in flight, as the application or an adapter gave it. */
  noted(run: ManagedRun, type: string, facts: EvidenceFacts | undefined): void;
  /** Something that may end the run was initiated in its cell; covers stand on its scopes. */
  initiated(run: ManagedRun, cause: Cause): void;
  /** The run has its close. What it gives is stamped on the span with that. */
  ended(run: ManagedRun, end: RecordedEnd): Attributes | undefined;
  /**
   * Incidents of runs of other processes, which are dead: they go where those of this one go. Resolves
   * once they are there, or cannot get there now. Not in a recorder of an older version.
   */
  recovered?(incidents: readonly object[]): Promise<void>;
}

/** What a run ended with, besides what stands in its cell. */
export interface RecordedEnd {
  /** What it threw, if it did. */
  readonly thrown: { readonly error: unknown } | undefined;
  /** All covers that held for it. */
  readonly covers: readonly Cover[];
}

/** Hands a fact to the recorder, if there is one. What the recorder throws stays here. */
export const note = (run: ManagedRun, type: string, facts: EvidenceFacts | undefined): void => {
  const { recorder } = registry;
  if (recorder === undefined || run.close !== undefined) return;
  try {
    recorder.noted(run, type, facts);
  } catch (error) {
    reportFailure(WHAT, error);
  }
};

/** Tells the recorder, if there is one, what was initiated in a run's cell. */
export const noteInitiation = (run: ManagedRun, cause: Cause): void => {
  const { recorder } = registry;
  if (recorder === undefined) return;
  try {
    recorder.initiated(run, cause);
  } catch (error) {
    reportFailure(WHAT, error);
  }
};

/** Tells the recorder, if there is one, of the run's end; gives what it wants on the span. */
export const noteEnd = (run: ManagedRun, end: RecordedEnd): Attributes | undefined => {
  const { recorder } = registry;
  if (recorder === undefined) return undefined;
  try {
    return recorder.ended(run, end);
  } catch (error) {
    reportFailure(WHAT, error);
    return undefined;
  } finally {
    if (run.notes !== undefined) run.notes = undefined;
  }
};

const WHAT = "evidence";
