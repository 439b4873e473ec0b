/** What the supervisor tells a worker, over the channel of `fork`. */
export interface Dispose {
  readonly type: "dispose";
  /** What names the supervisor's action there. */
  readonly carrier: Readonly<Record<string, string>>;
}

/** What a worker tells the supervisor: its runs are in flight; they are closed. */
export interface Progress {
  readonly type: "running" | "disposed";
}
