import type { Context } from "@opentelemetry/api";
import type { ManagedRun } from "./managed-run.ts";

/** One key for the concept; `Symbol.for`, so that two copies of the package read each other's. */
const RUN: unique symbol = Symbol.for("@otel-lifecycle/api run v1");

/**
 * A context with a run in it, as a layer of two fields over the context below. The API's own
 * `setValue` copies a map and makes three closures, which every run would pay for in time and,
 * while it is in flight, in memory.
 */
class RunContext implements Context {
  readonly base: Context;
  readonly run: ManagedRun | undefined;

  constructor(base: Context, run: ManagedRun | undefined) {
    this.base = base;
    this.run = run;
  }

  getValue(key: symbol): unknown {
    return key === RUN ? this.run : this.base.getValue(key);
  }

  setValue(key: symbol, value: unknown): Context {
    return new RunContext(this.base.setValue(key, value), this.run);
  }

  deleteValue(key: symbol): Context {
    return new RunContext(this.base.deleteValue(key), this.run);
  }
}

export const setRun = (context: Context, run: ManagedRun): Context =>
  new RunContext(context instanceof RunContext ? context.base : context, run);

/** The run in whose code the context is, if any. */
export const getRun = (context: Context): ManagedRun | undefined =>
  context.getValue(RUN) as ManagedRun | undefined;

export const deleteRun = (context: Context): Context =>
  getRun(context) === undefined ? context : new RunContext(context, undefined);
