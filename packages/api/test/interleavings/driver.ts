import {
  type Action,
  createScope,
  type Run,
  type Scope,
  startAction,
  startRun,
} from "@otel-lifecycle/api";
import { vi } from "vitest";
import { type Command, type Ending, SCOPE_PARENTS, SETTLE_TIMEOUT_MS } from "./command.ts";
import { pick } from "./model.ts";

/** Does with the package what {@link Model} does with the rules. */
export class Driver {
  readonly runs: Run[] = [];
  readonly actions: Action[] = [];
  readonly #controllers: AbortController[] = [];
  readonly #scopes: Scope[] = [];

  constructor() {
    for (const above of SCOPE_PARENTS) {
      const parent = above === undefined ? undefined : this.#scopes[above];
      this.#scopes.push(createScope({ kind: "instance", ...(parent && { parent }) }));
    }
  }

  step(command: Command): void {
    switch (command.type) {
      case "begin run":
        this.#beginRun(command);
        break;
      case "start action":
        this.#startAction(command);
        break;
      case "end action":
        pick(this.actions, command.action)?.end();
        break;
      case "advance":
        vi.advanceTimersByTime(command.ms);
        break;
      case "read signal":
        void pick(this.runs, command.run)?.signal;
        break;
      case "cancel":
        pick(this.runs, command.run)?.cancel();
        break;
      case "abort":
        pick(this.#controllers, command.run)?.abort();
        break;
      case "complete":
        pick(this.runs, command.run)?.complete();
        break;
      case "end run": {
        const run = pick(this.runs, command.run);
        if (run !== undefined && run.close === undefined) endRun(run, command.ending);
      }
    }
  }

  #beginRun(command: Extract<Command, { type: "begin run" }>): void {
    const { place, readsSignal, deadlineMs } = command;
    const scope = this.#scopes[command.scope];
    const controller = new AbortController();
    const around =
      place.in === "run"
        ? pick(this.runs, place.run)
        : place.in === "action"
          ? pick(this.actions, place.action)
          : undefined;
    const begin = () =>
      startRun({
        name: `run ${this.runs.length}`,
        signal: controller.signal,
        ...(scope && { scope }),
        ...(deadlineMs !== undefined && { timeoutMs: deadlineMs }),
      });
    const run = around === undefined ? begin() : around.with(begin);
    if (readsSignal) void run.signal;
    this.runs.push(run);
    this.#controllers.push(controller);
  }

  #startAction(command: Extract<Command, { type: "start action" }>): void {
    const { place, interrupt } = command;
    const [store] = this.#scopes;
    const scope = this.#scopes[command.scope] ?? store;
    if (scope === undefined) return;
    const around = place.in === "action" ? pick(this.actions, place.action) : undefined;
    const begin = () =>
      startAction({ kind: "dispose", scope, interrupt, settleTimeoutMs: SETTLE_TIMEOUT_MS });
    this.actions.push(around === undefined ? begin() : around.with(begin));
  }
}

const endRun = (run: Run, ending: Ending): void => {
  switch (ending) {
    case "return":
      run.end();
      break;
    case "own":
      run.fail(new TypeError("no"));
      break;
    case "reset":
      run.fail(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }));
      break;
    case "late":
      run.fail(new DOMException("late", "TimeoutError"));
      break;
    case "bare abort":
      run.fail(new DOMException("stopped", "AbortError"));
      break;
    case "reason":
      run.fail(run.signal.reason ?? new DOMException("stopped", "AbortError"));
  }
};
