/** What was done to the server, and so what the account must tell. */
export interface Driven {
  readonly runs: readonly DrivenRun[];
  readonly actions: readonly DrivenAction[];
}

export interface DrivenRun {
  readonly id: string;
  readonly result: string;
  readonly class?: string;
  /** The id of the action that closed it, as the server gave it. */
  readonly action?: string;
}

/** An action that was asked for over HTTP. */
export interface DrivenAction {
  readonly id: string;
  readonly kind: string;
  readonly scope: string;
  readonly operation: string;
  /** How many runs, closed by it already, each `dispose` inside it came upon. */
  readonly inner: readonly number[];
}
