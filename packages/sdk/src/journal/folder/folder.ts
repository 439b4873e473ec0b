import type { RecoveryResult } from "../recovery/recovery.ts";

/** A journal's own folder, while the process or thread that made it lives. */
export interface JournalFolder {
  /** 20 of `a-z 0-9`. */
  readonly id: string;
  /** The directory that the journals of several processes share. Absolute. */
  readonly directory: string;
  /** `<directory>/<id>` */
  readonly path: string;
  /** `<path>/taken`; made when something is taken over. */
  readonly taken: string;
  /** The user whose journals these are: what another owns is left alone. */
  readonly uid: number;
  /** What `recover` gives; while that is under way, the same to whoever asks: two would export the same. */
  recoverOnce(recover: () => Promise<RecoveryResult>): Promise<RecoveryResult>;
  /** True the first time, until it is released: two recoveries do not work on one journal. */
  claim(path: string): boolean;
  /** Gives back a journal that was claimed and is not recovered, so that it can be claimed again. */
  release(path: string): void;
  /**
   * Deletes what the owner has written, and stops listening. While journals of others are in it they
   * stay, and so does the socket: until `leave()`, or the end of the thread. Never throws.
   */
  remove(): void;
  /** Stops listening, and leaves the folder to whoever comes next. Never throws. */
  leave(): void;
}
