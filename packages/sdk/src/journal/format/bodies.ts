import type { AttributeValue } from "@opentelemetry/api";
import type { CloseClass, CloseVia } from "@otel-lifecycle/api";

// What the records of a journal hold, as it stands in the file: names are short, because every run
// writes two of them. FORMAT.md says the same in words; a change that readers of this version would
// misread takes a new VERSION.

/** The version that this code writes; readers leave a newer one alone. */
export const VERSION = 1;

/** `H`: who wrote the journal. The first record of every segment, and again when it changes; the last holds. */
export interface HeaderBody {
  readonly v: number;
  /** The host's name, at most 255 characters. */
  readonly host: string;
  /** The kernel's boot id, where the system has one. */
  readonly boot?: string;
  readonly pid: number;
  /** `threadId` of `worker_threads`; 0 is the main thread. */
  readonly thread: number;
  /** When the journal was opened, in ms since the epoch. */
  readonly opened: number;
  /** The memory control group, and its count of kills by then, where there is one. */
  readonly cgroup?: CgroupBody;
  /** True once incidents are recorded: what is recovered has one then. */
  readonly incidents?: boolean;
}

export interface CgroupBody {
  /** The file whose `oom_kill` line counts. */
  readonly events: string;
  /** Inode of the group's directory: a group that was made anew under the same name has another. */
  readonly inode: number;
  readonly oomKills: number;
}

/** `S n`: a resource and an instrumentation scope that spans refer to by `n`. Repeated at the head of every later segment. */
export interface SourceBody {
  readonly resource: { readonly attributes: AttributesBody; readonly schemaUrl?: string };
  readonly scope: {
    readonly name: string;
    readonly version?: string;
    readonly schemaUrl?: string;
    readonly attributes?: AttributesBody;
  };
}

export type AttributesBody = Readonly<Record<string, AttributeValue>>;

/** Seconds and nanoseconds since the epoch, as the SDKs have them. */
export type TimeBody = readonly [number, number];

export interface SpanContextBody {
  /** Trace id, 32 hexadecimal digits. */
  readonly t: string;
  /** Span id, 16 hexadecimal digits. */
  readonly s: string;
  /** Trace flags. */
  readonly f: number;
  /** Trace state, as it goes into a header. */
  readonly ts?: string;
  /** It came from another process. */
  readonly re?: true;
}

export interface LinkBody extends SpanContextBody {
  readonly a?: AttributesBody;
}

/** What a span begins with. */
export interface SpanStartBody extends SpanContextBody {
  /** Number of its source; 0 of an action whose span is not to be exported, and may have no id. */
  readonly src: number;
  /** Its parent, unless it has none. */
  readonly p?: SpanContextBody;
  /** Name. */
  readonly n: string;
  /** `SpanKind`. */
  readonly k: number;
  readonly st: TimeBody;
  readonly a: AttributesBody;
  readonly l?: readonly LinkBody[];
}

/**
 * `B n`: the span of a run or of an action has begun; `n` is its number within the journal. An
 * action whose span is not sampled, or is another provider's, has one too, because it covers runs.
 */
export type BeginBody = SpanStartBody & (RunBody | ActionBody);

export interface RunBody {
  readonly r: {
    /** Its number on the thread's counter, on which covers and causes are too. */
    readonly q: number;
    /** The scopes with which it is closed, by their numbers within the journal. */
    readonly sc: readonly number[];
    /** Its name, where that is not the span's. */
    readonly n?: string;
    readonly o: "api" | "adopted" | "automatic";
    /** The actions in whose code it began, by their ids: they do not cover it. */
    readonly bi?: readonly string[];
    /** What its span carries as long as it is a run, and is given only at its end: its scope's attributes. */
    readonly a?: AttributesBody;
  };
}

export interface ActionBody {
  readonly c: {
    readonly q: number;
    /** When it took effect, in ms on the thread's monotonic clock. */
    readonly at?: number;
    readonly id: string;
    /** The scope that it covers. */
    readonly sc: number;
    /** True where it asks runs to stop, and does not only record. */
    readonly asks: boolean;
    /** True where its cover never lapses: the process is shut down. */
    readonly final: boolean;
    /** The runs in whose code it was started, by their numbers `q`: it does not close them. */
    readonly h?: readonly number[];
    readonly operation?: string;
    readonly signal?: string;
    readonly initiator?: string;
  };
}

/** `C n`: something that may end run `n`, and is no cover, was initiated. */
export interface CauseBody {
  readonly q: number;
  /** When it took effect, on the same clock; a deadline's is when it was due. Before `q`, which decides between equal times. */
  readonly at?: number;
  readonly type: Extract<
    CloseClass,
    | "user_cancel"
    | "timeout"
    | "client_disconnect"
    | "upstream_disconnect"
    | "unknown_scope_close"
    | "lifecycle_action"
  >;
  readonly via: CloseVia;
  /** Of `upstream_disconnect`. */
  readonly errorType?: string;
  /** Of an action whose cover this is not: what another process or a reason says of it. */
  readonly action?: {
    readonly id: string;
    readonly kind: string;
    readonly trigger: string;
    readonly t: string;
    readonly s: string;
    readonly f: number;
  };
}

/** `D n`: the code of action `n` is done; what begins in its scope from here on is not covered. */
export interface DoneBody {
  /** The thread's counter by then. */
  readonly q: number;
  /** Its cover has lapsed as well: it closes nothing any more. */
  readonly o?: true;
  /** It never lapses from here on, and goes on covering what begins: the process goes away. */
  readonly final?: true;
}

/** `Y n`: the automatic run `n` is none any more; its span goes on. */
export interface YieldedBody {
  /** The run's own number: a `B n` whose `q` is greater made the span a run again. */
  readonly q: number;
}

/** `U n`: the run with the number `q` is over, though its span goes on; what that carries by now. */
export type SettledBody = Omit<EndBody, "et"> & { readonly q: number };

/** `E n`: the span has ended; what differs from its beginning. */
export interface EndBody {
  readonly et: TimeBody;
  /** Attributes that were added or changed. */
  readonly a?: AttributesBody;
  /** Attributes that are gone. */
  readonly d?: readonly string[];
  readonly n?: string;
  readonly f?: number;
  /** `SpanStatusCode`, and its message. */
  readonly x?: readonly [number, string?];
  /** All links, where they have changed. */
  readonly l?: readonly LinkBody[];
  readonly ev?: readonly EventBody[];
  /** How many attributes, events and links were dropped, unless none. */
  readonly dr?: readonly [number, number, number];
}

export interface EventBody {
  readonly n: string;
  readonly st: TimeBody;
  readonly a?: AttributesBody;
  readonly dr?: number;
}

/** `F n`: a whole span that had ended: one that was still unsent when its process went, or an interrupt. */
export type FinishedBody = SpanStartBody & Pick<EndBody, "et" | "x" | "ev" | "dr">;

/** `A 0`: the numbers of spans whose export was acknowledged, or that are not to be exported. */
export type AcknowledgedBody = readonly number[];
