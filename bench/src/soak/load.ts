import { createScope, type Run, type Scope, startAction, startRun } from "@otel-lifecycle/api";

/** Work as a service has it, one step after the other, without chance. */
export interface Load {
  /** Runs begun so far, and actions. */
  readonly runs: number;
  readonly actions: number;
  /** Begins so many runs, ends as many, and does what falls due among them. */
  work(count: number): void;
  /** Ends all that is open. */
  finish(): void;
}

/** Runs that are open at any time. */
export const OPEN_RUNS = 256;

export const createLoad = (): Load => {
  const store = createScope({ kind: "instance_store" });
  const scopes = Array.from({ length: SCOPES }, (_, index) =>
    createScope({ kind: "instance", key: `instance ${index}`, parent: store }),
  );
  const ring: (Run | undefined)[] = new Array<undefined>(OPEN_RUNS).fill(undefined);
  let runs = 0;
  let actions = 0;
  const step = (): void => {
    const place = runs % OPEN_RUNS;
    end(ring[place], runs);
    ring[place] = begin(scopes[runs % SCOPES] ?? store, runs);
    runs += 1;
    if (runs % DISPOSE_EVERY === 0)
      act("dispose", scopes[(runs / DISPOSE_EVERY) % SCOPES] ?? store);
    if (runs % DISPOSE_ALL_EVERY === 0) act("dispose_all", store);
  };
  const act = (kind: string, scope: Scope): void => {
    actions += 1;
    startAction({ kind, scope, trigger: "config", operation: "soak" }).end();
  };
  return {
    get runs() {
      return runs;
    },
    get actions() {
      return actions;
    },
    work(count) {
      for (let index = 0; index < count; index += 1) step();
    },
    finish() {
      for (const [place, run] of ring.entries()) {
        end(run, place);
        ring[place] = undefined;
      }
    },
  };
};

const SCOPES = 64;
const DISPOSE_EVERY = 1_000;
const DISPOSE_ALL_EVERY = 20_000;
const EVIDENCE_EVERY = 8;
const BREAKS_EVERY = 64;

const begin = (scope: Scope, index: number): Run => {
  const run = startRun({ name: "soak run", scope, id: `r${index}` });
  if (index % EVIDENCE_EVERY === 0) {
    run.evidence("attempt_started", { attempt: 1 });
    run.evidence("provider_progress");
    run.evidence("tool_execution_started", { tool: "read", effect: "read_only" });
  }
  // One that listens stops at once, as most do.
  run.signal.addEventListener("abort", () => run.fail(run.signal.reason), { once: true });
  return run;
};

const end = (run: Run | undefined, index: number): void => {
  if (run === undefined) return;
  if (index % BREAKS_EVERY === 3) run.fail(new TypeError("soak"));
  else if (index % BREAKS_EVERY === 7) run.cancel();
  else run.end();
};
