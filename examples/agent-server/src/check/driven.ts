/** What was done to the server, and so what the account must tell. */
export interface Driven {
  readonly runs: readonly DrivenRun[];
  readonly actions: readonly DrivenAction[];
}

export interface DrivenRun {
  readonly id: string;
  /** The name of the directory that it ran in. */
  readonly directory: string;
  readonly result: string;
  readonly class?: string;
  readonly confidence?: string;
  readonly via?: string;
  /** What its `error.type` may be if it failed: the platform has two names for some errors. */
  readonly errorTypes?: readonly string[];
  /** The id of the action that closed it, as the server gave it. */
  readonly action?: string;
  /** What its incident tells; of a run that completed there is none. */
  readonly incident?: DrivenIncident;
}

export interface DrivenIncident {
  readonly cause: string;
  readonly subcause: string | null;
  /** How far the run had got. */
  readonly phase: string;
  readonly advice: string;
}

/** An action that was asked for over HTTP. */
export interface DrivenAction {
  readonly id: string;
  readonly kind: string;
  readonly scope: string;
  /** The name of the directory whose scope it closed, if it was not all of them. */
  readonly directory?: string;
  readonly operation: string;
  /** How many runs, closed by it already, each `dispose` inside it came upon. */
  readonly inner: readonly number[];
}

/** Whether something asked it to stop before it had ended. */
export const wasAsked = (run: DrivenRun): boolean =>
  run.result === "interrupted" || run.class === "timeout";
