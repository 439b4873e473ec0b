import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";
import type { Context, Tracer, TracerProvider } from "@opentelemetry/api";
import type { ManagedAction } from "./actions/managed-action.ts";
import type { EvidenceRecorder } from "./evidence/recorder.ts";
import type { LifecycleObserver } from "./lifecycle-observer.ts";
import type { SpanOwner } from "./own-span.ts";
import type { RunJournal } from "./run-journal.ts";
import type { ManagedRun } from "./runs/managed-run.ts";
import type { SignalWatch } from "./runs/signal-watch.ts";
import type { ScopeNode } from "./scopes/scope.ts";

/**
 * What one thread knows: the only mutable state of the package. It hangs on `globalThis` under
 * a `Symbol.for` key, so that two copies of the package in one process share it; whoever changes
 * its form, or that of what hangs on it, changes the key.
 */
export interface Registry {
  /** The counter on which every beginning and every initiation takes the next number. */
  sequence: number;
  /** How many covers stand anywhere; while it is 0, a run that ends has none to look for. */
  standingCovers: number;
  /** Set around our own `startSpan`, synchronously: the span being started is a run's or action's own. */
  startingSpanOf: SpanOwner | undefined;
  /** Set by our sampler in the same step: the span being started is one that it turned to be recorded. */
  hasTurned: boolean;
  /** What counts runs, actions and interrupts, where somebody asked for metrics. */
  observer: LifecycleObserver | undefined;
  /** What takes down the evidence of runs, where somebody asked for incidents. */
  recorder: EvidenceRecorder | undefined;
  /** What takes down what is in flight, where somebody asked for a journal. */
  journal: RunJournal | undefined;
  /** Whether a span was ever adopted as a run: until then a context knows its run best. */
  hasAdopted: boolean;
  /** Our tracer, and the provider that it is of. */
  tracer: { readonly provider: TracerProvider; readonly tracer: Tracer } | undefined;
  /** Interned scopes by parent, kind and key. */
  readonly scopes: Map<string, WeakRef<ScopeNode>>;
  /** The root of the tree of scopes; made when first asked for. */
  process: ScopeNode | undefined;
  /** Actions whose span has not ended, by id. */
  readonly actions: Map<string, ManagedAction>;
  /** Automatic runs that left their place to a run of the API, until their span ends. */
  readonly yielded: Set<ManagedRun>;
  /** The shutdown of the process that we began, if one of ours was. */
  shutdown: ManagedAction | undefined;
  /** Action kinds of the application's own, for the bound on their number. */
  readonly kinds: Set<string>;
  /** Signals of the application's that runs were given. */
  readonly signals: WeakMap<AbortSignal, SignalWatch>;
  /** How often a value was bounded or dropped, by what it was. */
  readonly bounded: Map<string, number>;
  /** Carries our context where no context manager is registered. */
  readonly fallback: AsyncLocalStorage<Context>;
  /** The key under which scope keys are hashed: the environment's, else random for the process. */
  readonly hashKey: Buffer;
}

const REGISTRY = Symbol.for("@otel-lifecycle/api.registry.v1");

const createRegistry = (): Registry => {
  const key = process.env["OTEL_LIFECYCLE_HASH_KEY"];
  return {
    sequence: 0,
    standingCovers: 0,
    startingSpanOf: undefined,
    hasTurned: false,
    observer: undefined,
    recorder: undefined,
    journal: undefined,
    hasAdopted: false,
    tracer: undefined,
    scopes: new Map(),
    process: undefined,
    actions: new Map(),
    yielded: new Set(),
    shutdown: undefined,
    kinds: new Set(),
    signals: new WeakMap(),
    bounded: new Map(),
    fallback: new AsyncLocalStorage(),
    hashKey: key ? Buffer.from(key, "utf8") : randomBytes(32),
  };
};

const holder = globalThis as { [REGISTRY]?: Registry };

/** The thread's registry, shared by every copy of this package. */
export const registry: Registry = (holder[REGISTRY] ??= createRegistry());

/** The next number of the thread's counter. */
export const nextNumber = (): number => ++registry.sequence;

/** Milliseconds on the monotonic clock. */
export const now = (): number => performance.now();
