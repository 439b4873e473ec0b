import type { History } from "./history.ts";

/** A process from its start to its end, as its driver knows it afterwards. */
export interface Life {
  /** Its number within the trial. */
  readonly process: number;
  readonly history: History;
  /** When its end was seen, in ms since the epoch. */
  readonly diedAt: number;
  /** True if it ended by itself, and was not killed. */
  readonly endedItself: boolean;
  /**
   * What the journals held without an acknowledgement when it was dead, by span id; undefined where
   * others went on before anybody looked.
   */
  readonly held: ReadonlySet<string> | undefined;
}
