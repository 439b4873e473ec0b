import {
  type Context,
  INVALID_SPAN_CONTEXT,
  ROOT_CONTEXT,
  type Span,
  trace,
} from "@opentelemetry/api";
import type { Cover } from "../actions/cover.ts";
import { enterContext } from "../active-context.ts";
import { spanNameOf } from "../bounds.ts";
import type { Cause } from "../closes/cause.ts";
import type { ActionRef, Close } from "../closes/close.ts";
import { guarded } from "../diagnostics.ts";
import type { EvidenceFacts, EvidenceType } from "../evidence/evidence.ts";
import { finalize } from "../evidence/finalizer.ts";
import { note } from "../evidence/recorder.ts";
import type { RunObservation } from "../lifecycle-observer.ts";
import type { Observed } from "../observed.ts";
import type { SpanSink } from "../own-span.ts";
import { nextNumber, now } from "../registry.ts";
import type { Placed } from "../scopes/bag.ts";
import type { ScopeNode } from "../scopes/scope.ts";
import { initiate, reasonFor } from "./ask.ts";
import type { Bequest } from "./bequest.ts";
import type { Exchange } from "./exchange.ts";
import type { Run } from "./run.ts";
import { settle } from "./settle.ts";
import type { SpanBelow } from "./span-state.ts";

/**
 * A run's cell. A class, though the house prefers closures: a hundred thousand are open at a
 * time, and methods of a prototype cost them nothing.
 */
export class ManagedRun implements Run, Placed {
  place = 0;
  /** The number that the run took on the thread's counter; also its name within the process. */
  readonly began: number = nextNumber();
  readonly id: string | undefined;
  readonly scope: ScopeNode;
  /** The scopes with which the run is closed: its own, those above, and those of the run around it. */
  path: readonly ScopeNode[];
  /** The run around this one, whose signal and close it follows. */
  parent: ManagedRun | undefined;
  /** The action in whose code the run began: it is not covered by that one. */
  readonly begunIn: ActionRef | undefined;
  readonly origin: RunOrigin;
  readonly timeoutResult: "failed" | "interrupted";

  span: Span = NO_SPAN;
  context: Context = ROOT_CONTEXT;
  close: Close | undefined = undefined;
  /** What spans in flight below inherit; known once the run has ended. */
  bequest: Bequest | undefined = undefined;
  /** The run's own word on itself, which outweighs what it was asked. */
  isComplete = false;
  /** The earliest initiation in the run's own cell; covers stand beside it. */
  cause: Cause | undefined = undefined;
  /** Covers that were copied here, or that the run began under. */
  covers: Cover[] | undefined = undefined;
  /** What first asked the run to stop, and when (ms, monotonic). */
  asked: Cause | undefined = undefined;
  askedAt = 0;
  /** When it ended (ms, monotonic). */
  stoppedAt = 0;
  controller: AbortController | undefined = undefined;
  /** When the deadline is due (ms, monotonic), while it has not been counted. */
  due: number | undefined = undefined;
  /** Takes the deadline's timer and the given signal's listener away. */
  release: (() => void) | undefined = undefined;
  /** The note of whoever counts the run. */
  observation: RunObservation | undefined = undefined;
  /**
   * What the recorder of evidence keeps of the run while it is in flight. Only declared, because
   * every run in flight would carry a field, and of most nothing is kept.
   */
  declare notes?: object | undefined;
  /** Runs begun inside this one. */
  children: Set<ManagedRun> | undefined = undefined;
  /** The span processor that saw the span begin. */
  processor: SpanSink | undefined = undefined;
  /** Spans in flight below, the newest first, and how many of them there are. */
  below: SpanBelow | undefined = undefined;
  belowCount = 0;
  /** The automatic run that left its place to this one, or to the run around it. */
  root: ManagedRun | undefined = undefined;
  /** An automatic run that left its place to a run of the API below it, and is none any more. */
  hasYielded = false;
  /** The HTTP exchange that an automatic run answers, or that the one which yielded does. */
  exchange: Exchange | undefined = undefined;

  readonly #name: string | undefined;

  constructor(start: RunStart) {
    this.id = start.id;
    this.#name = start.name;
    this.scope = start.scope;
    this.path = start.scope.path;
    this.parent = start.parent;
    this.begunIn = start.begunIn;
    this.origin = start.origin;
    this.timeoutResult = start.timeoutResult;
  }

  // Not a field, because every run in flight would carry it.
  get type(): "run" {
    return "run";
  }

  /** That of a span that others made may change until it ends. */
  get name(): string {
    return this.#name ?? spanNameOf(this.span);
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.asked !== undefined) this.controller.abort(reasonFor(this, this.asked));
    }
    return this.controller.signal;
  }

  with<T>(fn: () => T): T {
    return enterContext(this.context, fn, undefined);
  }

  cancel(): void {
    guarded("cancel", () =>
      initiate(this, { type: "user_cancel", via: "api", seq: nextNumber(), at: now() }),
    );
  }

  complete(): void {
    this.isComplete = true;
  }

  evidence(type: EvidenceType, facts?: EvidenceFacts): void {
    note(this, type, facts);
  }

  finalizer<T>(name: string, fn: () => T): Observed<T> {
    return finalize(this, name, fn);
  }

  end(): void {
    settle(this, { type: "returned" });
  }

  fail(error: unknown): void {
    settle(this, { type: "threw", error });
  }
}

// One for all, because each is replaced at once, and a run in flight pays for what it makes.
const NO_SPAN: Span = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

/** Who made it: the API with a span of its own, the API on somebody's span, or a span processor. */
export type RunOrigin = "api" | "adopted" | "automatic";

/** What a run's cell begins with. */
export interface RunStart {
  readonly id: string | undefined;
  /** Undefined: the span's. */
  readonly name: string | undefined;
  readonly scope: ScopeNode;
  readonly parent: ManagedRun | undefined;
  readonly begunIn: ActionRef | undefined;
  readonly origin: RunOrigin;
  readonly timeoutResult: "failed" | "interrupted";
}
