import type { Span } from "@opentelemetry/api";
import { type Action, createScope, type Run, type Scope } from "@otel-lifecycle/api";
import type { Random } from "../random.ts";
import type { ScopeName } from "../truth/steps.ts";
import type { Tell } from "./side-channel.ts";

/** A run in flight. */
export interface OpenRun {
  readonly k: number;
  readonly run: Run;
  readonly scope: Exclude<ScopeName, "process">;
  /** The actions in whose code it was begun. */
  readonly within: readonly number[];
}

/** A root span in flight: an automatic run. */
export interface OpenRoot {
  readonly k: number;
  readonly span: Span;
}

/** An action whose code is not done. */
export interface OpenAction {
  readonly k: number;
  readonly action: Action;
  /** The run in whose code it was started. */
  readonly host?: number | undefined;
  readonly scope: ScopeName;
  readonly within: readonly number[];
}

/** What is in flight in this process, and what its parts share. */
export interface Fleet {
  readonly process: number;
  readonly random: Random;
  readonly tell: Tell;
  readonly runs: Map<number, OpenRun>;
  readonly roots: Map<number, OpenRoot>;
  readonly actions: Map<number, OpenAction>;
  /** The next number of a run, and of an action. */
  nextRun(): number;
  nextAction(): number;
  scope(name: Exclude<ScopeName, "process">): Scope;
}

export const createFleet = (process: number, random: Random, tell: Tell): Fleet => {
  const store = createScope({ kind: "instance_store" });
  const instance = (key: string): Scope => createScope({ kind: "instance", key, parent: store });
  const scopes = {
    store,
    red: instance("red"),
    green: instance("green"),
    blue: instance("blue"),
  };
  let run = 0;
  let action = 0;
  return {
    process,
    random,
    tell,
    runs: new Map(),
    roots: new Map(),
    actions: new Map(),
    nextRun: () => (run += 1),
    nextAction: () => (action += 1),
    scope: (name) => scopes[name],
  };
};

/** One of what is in flight, by chance; undefined if there is none. */
export const anyOf = <T>({ random }: Fleet, open: ReadonlyMap<number, T>): T | undefined => {
  let skip = random.between(0, Math.max(0, open.size - 1));
  for (const one of open.values()) {
    if (skip === 0) return one;
    skip -= 1;
  }
  return undefined;
};
