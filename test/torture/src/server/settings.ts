/** What the driver tells a server, as JSON in its first argument. */
export interface ServerSettings {
  /** Number of the process within its trial. */
  readonly process: number;
  readonly seed: number;
  /** The directory of the journals. */
  readonly directory: string;
  /** Where the spans go. */
  readonly url: string;
  /** The file of the side channel. */
  readonly side: string;
  readonly load: LoadSettings | undefined;
}

/** What goes on in a server; one without only recovers. */
export interface LoadSettings {
  /** Steps in a turn of the event loop, and ms between turns. */
  readonly steps: number;
  readonly everyMs: number;
  /** Runs that are begun at once, and stay open. */
  readonly standing: number;
  /** The longest attribute, in characters. */
  readonly pad: number;
  /** How often a step is an action, from 0 to 1. */
  readonly actions: number;
  /** Ends by itself after so many ms, if at all. */
  readonly ownEnd: { readonly by: "exit" | "throw"; readonly afterMs: number } | undefined;
}

/** Header by which the receiver knows which process sent a request. */
export const PROCESS_HEADER = "x-torture-process";

/** Reads the first argument. */
export const settingsOf = (argv: readonly string[]): ServerSettings =>
  JSON.parse(argv[2] ?? "") as ServerSettings;
