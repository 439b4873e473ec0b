// What a server says of itself, a line a step, written before it goes on: a SIGKILL at any moment
// leaves every line that was written. An upper-case letter stands before the step that it names, the
// lower-case one after it, so that the driver knows what is certain, and what is open.

/** Where runs are, and what actions cover: the store holds the instances. */
export type ScopeName = "process" | "store" | "red" | "green" | "blue";

/** A span, as it was begun. */
export interface SpanFacts {
  readonly t: string;
  readonly s: string;
  /** Span id of the parent; undefined at a root. */
  readonly p?: string | undefined;
  /** Start, in nanoseconds since the epoch. */
  readonly st: string;
}

export interface RunFacts {
  readonly kind: "run" | "root";
  readonly scope: ScopeName;
  /** The run around it, by its number. */
  readonly parent?: number | undefined;
  /** The root span below which it begins, which is no run from then on. */
  readonly root?: number | undefined;
  /** The actions in whose code it begins, by their numbers. */
  readonly within: readonly number[];
  /** Length of an attribute that is there to fill the journal. */
  readonly pad: number;
}

/** How the driver wants a run to end. */
export type Ending = "returned" | "threw" | "aborted" | "completed";

/** What became of it in its process. */
export interface CloseFacts {
  /** A close's class, or `completed`. */
  readonly type: string;
  readonly action?: string | undefined;
  /** End, in nanoseconds since the epoch. */
  readonly et: string;
}

export interface ActionFacts {
  readonly kind: string;
  readonly scope: ScopeName;
  readonly asks: boolean;
  /** The run in whose code it is started, by its number. */
  readonly host?: number | undefined;
  /** The actions in whose code it is started, by their numbers. */
  readonly within: readonly number[];
}

/** The server, before it does anything. */
export interface ServerFacts {
  readonly pid: number;
  /** `service.instance.id` */
  readonly instance: string;
}

/** One line. */
export type Step =
  | readonly ["P", ServerFacts]
  /** A run begins, is cancelled, ends. */
  | readonly ["B", number, RunFacts]
  | readonly ["b", number, SpanFacts]
  | readonly ["X", number]
  | readonly ["x", number]
  | readonly ["E", number, Ending]
  | readonly ["e", number, CloseFacts]
  /** An action covers its scope, its code is done, its span has ended. */
  | readonly ["A", number, ActionFacts]
  | readonly ["a", number, SpanFacts & { readonly id: string }]
  | readonly ["D", number]
  | readonly ["d", number]
  | readonly ["O", number]
  /** The process shuts down: by a signal, `process.exit()`, or an error that nobody caught. */
  | readonly ["T", "signal" | "exit" | "throw"]
  | readonly ["t"]
  /** The export of these spans was acknowledged, and the journal knows it. */
  | readonly ["K", readonly string[]]
  /** A warning of the telemetry. */
  | readonly ["W", string];

/** Names of the attributes by which the driver knows a span again. */
export const ATTR_KEY = "torture.key";
export const ATTR_BEGUN = "torture.begun";
export const ATTR_ENDED = "torture.ended";
export const ATTR_PAD = "torture.pad";

/** What stands in {@link ATTR_KEY}: the process and the number of the run within it. */
export const keyOf = (process: number, run: number): string => `${process}-${run}`;
