import { type Context, ROOT_CONTEXT, type Span } from "@opentelemetry/api";
import { enterContext } from "../active-context.ts";
import { type ActionId, resultOf } from "../closes/close.ts";
import { type ActionCell, setDetachedFrom } from "../lifecycle-context.ts";
import { observeInterrupt } from "../lifecycle-observer.ts";
import type { SpanSink } from "../own-span.ts";
import { registry } from "../registry.ts";
import { journalled } from "../run-journal.ts";
import { askCovered } from "../runs/ask.ts";
import type { ManagedRun } from "../runs/managed-run.ts";
import { runsIn } from "../scopes/in-flight.ts";
import type { ScopeNode } from "../scopes/scope.ts";
import { startTimer } from "../timer.ts";
import type { Action } from "./action.ts";
import type { ActionStart } from "./action-start.ts";
import { type Cover, isHost, openAction } from "./cover.ts";
import { type EndingAction, endAction } from "./end-action.ts";
import { countEnded, countInterrupted, coveredFrom, interruptedOf, type Tally } from "./tally.ts";
import { inTurns } from "./turns.ts";

/** An action's cell. A class, so that runs of every copy of the package find the same methods. */
export class ManagedAction implements Action {
  readonly scope: ScopeNode;
  readonly span: Span;
  readonly context: Context;
  readonly cover: Cover;
  readonly cell: ActionCell;
  readonly tally: Tally;
  readonly epoch: number;
  readonly asked: Promise<void>;
  readonly settled: Promise<void>;
  /** The span processor that saw the span begin. */
  processor: SpanSink | undefined = undefined;
  /**
   * What listeners of the runs that are asked see of the action: they may be asked when its code
   * is done, so it is current there until its span ends.
   */
  readonly askingCell: ActionCell;
  failure: { readonly error: unknown } | undefined = undefined;

  readonly #hosts: readonly ManagedRun[];
  readonly #timer: NodeJS.Timeout;
  #allAsked = false;
  #ending: EndingAction | undefined = undefined;
  #resolveAsked: () => void = () => undefined;
  #resolveSettled: () => void = () => undefined;

  constructor(start: ActionStart) {
    this.scope = start.scope;
    this.span = start.span;
    this.context = start.context;
    this.cover = start.cover;
    this.cell = start.cell;
    this.tally = start.tally;
    this.epoch = start.epoch;
    this.askingCell = { ref: start.cell.ref, current: this };
    this.#hosts = start.hosts;
    this.asked = new Promise((resolve) => {
      this.#resolveAsked = resolve;
    });
    this.settled = new Promise((resolve) => {
      this.#resolveSettled = resolve;
    });
    this.#timer = startTimer("settle timeout", () => this.finish(), start.settleTimeoutMs);
  }

  /** False once the action's code is done. */
  get isRunning(): boolean {
    return this.cell.current !== undefined;
  }

  get id(): ActionId {
    return this.cell.ref.id;
  }

  get kind(): string {
    return this.cell.ref.kind;
  }

  get parentId(): ActionId | undefined {
    return this.cell.ref.parentId;
  }

  get rootId(): ActionId {
    return this.cell.ref.rootId;
  }

  with<T>(fn: () => T): T {
    return enterContext(this.context, fn, undefined);
  }

  detach<T>(fn: () => T): T {
    return enterContext(setDetachedFrom(ROOT_CONTEXT, this.cell.ref), fn, undefined);
  }

  end(): void {
    this.#codeDone();
  }

  fail(error: unknown): void {
    if (this.isRunning) this.failure = { error };
    this.#codeDone();
  }

  /** Asks what is in flight to stop: a first turn now, the rest in later ones. */
  askRuns(): void {
    if (!this.cover.asks) this.#lastAsked();
    else
      inTurns(runsIn(this.scope), {
        step: (run) => this.#ask(run),
        done: () => this.#lastAsked(),
      }).begin();
  }

  /** Counts a run that began under the cover. */
  countIn(): void {
    this.tally.covered += 1;
    this.tally.pending += 1;
  }

  /** Takes out of the counts again what is no run any more. */
  countOut(): void {
    if (this.#ending !== undefined) return;
    this.tally.covered -= 1;
    this.tally.pending -= 1;
    this.#finishIfDone();
  }

  /** Counts what became of a run that was covered. */
  runEnded(run: ManagedRun): void {
    const { close } = run;
    if (close === undefined || this.#ending !== undefined || isHost(run, this.cell.ref)) return;
    this.tally.pending -= 1;
    if (close.type === "lifecycle_action" && close.action.id === this.id) {
      this.#countInterrupted(run, coveredFrom(run, this.cover));
    } else countEnded(this.tally, resultOf(close, run.timeoutResult));
    this.#finishIfDone();
  }

  /** Counts a run that this action closed without having covered it. */
  closedFromOutside(run: ManagedRun): void {
    if (this.#ending !== undefined || isHost(run, this.cell.ref)) return;
    this.tally.covered += 1;
    this.#countInterrupted(run, run.asked === undefined ? run.stoppedAt : run.askedAt);
  }

  /** Ends the action's span, whatever is still under way: in turns, if there is much to write. */
  finish(): void {
    if (this.#ending === undefined) this.#beginEnding().begin();
  }

  /**
   * Ends the action's span before this returns: for when the process or the SDK goes away. Returns
   * what writes the interrupt spans that are still to come, which matter less than the runs.
   */
  finishNow(): () => void {
    return (this.#ending ?? this.#beginEnding()).endNow();
  }

  #beginEnding(): EndingAction {
    clearTimeout(this.#timer);
    // Whom it did not ask it does not wait for.
    const unsettled = (this.cover.asks && this.tally.pending > 0) || this.isRunning;
    this.#uncover();
    this.cover.isOpen = this.cover.isFinal;
    this.cover.owner = undefined;
    journalled((journal) => journal.actionDone(this));
    const ending = endAction(this, unsettled, () => {
      this.askingCell.current = undefined;
      this.cell.ref.begunIn = openAction(this.cell.ref.begunIn);
      registry.actions.delete(this.id);
      this.#resolveSettled();
    });
    this.#ending = ending;
    return ending;
  }

  /** Its code is done, but its span goes on: for who ends that in an order of their own. */
  markDone(): void {
    this.cell.current = undefined;
    this.cover.isOpen = this.cover.isFinal;
    journalled((journal) => journal.actionDone(this));
  }

  #countInterrupted(run: ManagedRun, from: number): void {
    const to = run.stoppedAt;
    countInterrupted(this.tally, interruptedOf(run, from, to));
    observeInterrupt({ action: this, run, from, to, result: "stopped" });
  }

  #ask(run: ManagedRun): void {
    // One that began later was asked at its beginning; a host is asked last, once it is done.
    if (run.began > this.cover.seq || isHost(run, this.cell.ref)) return;
    askCovered(run, this.cover);
  }

  #lastAsked(): void {
    this.#allAsked = true;
    this.#resolveAsked();
    this.#finishIfDone();
  }

  #codeDone(): void {
    if (!this.isRunning) return;
    this.markDone();
    // What only records has nobody to wait for, and lapses with its code.
    if (!this.cover.asks) this.finish();
    else this.#finishIfDone();
  }

  #finishIfDone(): void {
    if (this.isRunning || !this.#allAsked || this.#ending !== undefined) return;
    this.#uncover();
    this.#askHosts();
    if (this.tally.pending === 0) this.finish();
  }

  // Takes the cover off the scope: from here on it is in the cells of its runs. That of the
  // process's shutdown stays.
  #uncover(): void {
    const { covers } = this.scope;
    const index = this.cover.isFinal ? -1 : covers.indexOf(this.cover);
    if (index < 0) return;
    covers.splice(index, 1);
    registry.standingCovers -= 1;
  }

  // The runs in whose code the action was started are asked last, because that code may have
  // needed them: a request that asks for a disposal has to answer it.
  #askHosts(): void {
    if (!this.cover.asks) return;
    for (const host of this.#hosts)
      if (host.path.includes(this.scope)) askCovered(host, this.cover);
  }
}
