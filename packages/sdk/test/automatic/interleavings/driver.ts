import {
  context,
  ROOT_CONTEXT,
  type Span,
  SpanStatusCode,
  type Tracer,
  trace,
} from "@opentelemetry/api";
import { type Action, type Run, type Scope, startAction, startRun } from "@otel-lifecycle/api";
import { type Command, pick } from "./command.ts";

/** Does to the real thing what the commands say. */
export class Driver {
  readonly works: (Span | Run)[] = [];
  readonly acts: Action[] = [];
  readonly #tracer: Tracer;
  readonly #scopes: readonly Scope[];

  constructor(tracer: Tracer, scopes: readonly Scope[]) {
    this.#tracer = tracer;
    this.#scopes = scopes;
  }

  step(command: Command): void {
    switch (command.type) {
      case "begin root": {
        const { scope } = command;
        this.works.push(
          this.#tracer.startSpan(`root ${this.works.length}`, { attributes: { scope } }),
        );
        break;
      }
      case "begin run":
        this.#beginRun(command);
        break;
      case "end":
        this.#end(command);
        break;
      case "start action": {
        const scope = this.#scope(command.scope);
        const interrupt = command.asks ? "signal" : "record";
        this.acts.push(startAction({ kind: "dispose_all", scope, interrupt }));
        break;
      }
      case "end action":
        pick(this.acts, command.action)?.end();
    }
  }

  #beginRun({ scope, below, readsSignal }: Extract<Command, { type: "begin run" }>): void {
    const around = below === undefined ? undefined : pick(this.works, below);
    const begin = () => startRun({ name: `run ${this.works.length}`, scope: this.#scope(scope) });
    const run = around === undefined ? begin() : within(around, begin);
    if (readsSignal) void run.signal;
    this.works.push(run);
  }

  #end({ work: at, ending }: Extract<Command, { type: "end" }>): void {
    const work = pick(this.works, at);
    if (work === undefined) return;
    if (!isRun(work)) {
      if (ending !== "plain") work.setStatus({ code: SpanStatusCode.ERROR });
      work.end();
    } else if (ending === "plain") work.end();
    else work.fail(ending === "reason" ? this.#reasonOf(work) : new TypeError("no"));
  }

  // A run that does not read its signal cannot end with the reason of that.
  #reasonOf(run: Run): unknown {
    const { controller } = run as unknown as { readonly controller: AbortController | undefined };
    return controller?.signal.aborted === true ? controller.signal.reason : new TypeError("no");
  }

  #scope(at: number): Scope {
    const scope = this.#scopes[at];
    if (scope === undefined) throw new Error(`no scope ${at}`);
    return scope;
  }
}

const isRun = (work: Span | Run): work is Run => "cancel" in work;

export const spanOf = (work: Span | Run): Span => (isRun(work) ? work.span : work);

const within = <T>(work: Span | Run, fn: () => T): T =>
  isRun(work) ? work.with(fn) : context.with(trace.setSpan(ROOT_CONTEXT, work), fn);
