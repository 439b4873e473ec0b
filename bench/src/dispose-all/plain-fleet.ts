import { context, type Span, trace } from "@opentelemetry/api";
import { ATTR_SCOPE_KIND } from "@otel-lifecycle/api";
import type { Pipeline } from "../pipeline.ts";
import { beginActionSpan, endActionSpan, stampSpan, writeInterruptSpan } from "./by-hand.ts";
import { countUnwound, type Fleet, RUN_NAME, untilAborted } from "./fleet.ts";

/** What an application that does it by hand keeps of a run in flight. */
export interface PlainRun {
  readonly controller: AbortController;
  readonly span: Span;
  /** When it was asked to stop, and when it had (ms, monotonic). */
  askedAt: number;
  stoppedAt: number;
}

/** The span of the action that disposes of a fleet, once there is one. */
interface Disposer {
  action: Span | undefined;
}

const MAX_INTERRUPTS = 1000;
const MAX_LINKS = 100;

/**
 * The same by hand, with the plain SDK: as many spans, attributes, links and aborts, an array for
 * a registry, and one loop that aborts them all.
 */
export const createPlainFleet = (count: number, { tracer }: Pipeline): Fleet => {
  const inFlight: PlainRun[] = [];
  const disposer: Disposer = { action: undefined };
  const unwound = countUnwound(count);
  const options = { attributes: { [ATTR_SCOPE_KIND]: "instance" } };
  for (let index = 0; index < count; index += 1) {
    tracer
      .startActiveSpan(RUN_NAME, options, (span) => runPlainly(span, inFlight, disposer))
      .catch(unwound.one);
  }
  return {
    async disposeAll() {
      const begin = performance.now();
      const action = beginActionSpan(tracer);
      const inAction = trace.setSpan(context.active(), action);
      disposer.action = action;
      context.with(inAction, abortAll, undefined, inFlight);
      const callerWait = performance.now() - begin;
      await unwound.all;
      const epoch = Date.now() - performance.now();
      for (const run of inFlight.slice(-MAX_INTERRUPTS)) {
        writeInterruptSpan(run, { tracer, context: inAction, epoch });
      }
      endActionSpan(action, inFlight.slice(0, MAX_LINKS), count);
      return { callerWait };
    },
  };
};

const runPlainly = async (span: Span, inFlight: PlainRun[], disposer: Disposer): Promise<never> => {
  const controller = new AbortController();
  const run: PlainRun = { controller, span, askedAt: 0, stoppedAt: 0 };
  inFlight.push(run);
  try {
    return await untilAborted(controller.signal);
  } catch (error) {
    run.stoppedAt = performance.now();
    if (disposer.action !== undefined) stampSpan(run, disposer.action);
    span.end();
    throw error;
  }
};

const abortAll = (inFlight: readonly PlainRun[]): void => {
  for (const run of inFlight) {
    run.askedAt = performance.now();
    run.controller.abort(new Error("The operation was aborted"));
  }
};
