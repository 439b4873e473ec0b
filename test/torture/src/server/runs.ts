import { type Attributes, context, ROOT_CONTEXT, SpanKind, trace } from "@opentelemetry/api";
import { type Run, startRun } from "@otel-lifecycle/api";
import {
  ATTR_BEGUN,
  ATTR_ENDED,
  ATTR_KEY,
  ATTR_PAD,
  type Ending,
  keyOf,
  type RunFacts,
} from "../truth/steps.ts";
import type { Fleet, OpenRoot, OpenRun } from "./fleet.ts";
import { endOf, spanFacts } from "./span-facts.ts";

/** Where a run begins; in the context that is active. */
export interface RunPlace {
  readonly scope: "store" | "red" | "green" | "blue";
  readonly parent?: OpenRun | undefined;
  readonly root?: OpenRoot | undefined;
  readonly within?: readonly number[];
  readonly pad: number;
  /** It ends in the turn in which it is asked to. */
  readonly isPrompt?: boolean;
}

/** Begins a run of the API. */
export const beginRun = (fleet: Fleet, place: RunPlace): OpenRun => {
  const k = fleet.nextRun();
  const { scope, parent, root, pad, within = parent?.within ?? [] } = place;
  const facts: RunFacts = { kind: "run", scope, parent: parent?.k, root: root?.k, within, pad };
  fleet.tell(["B", k, facts]);
  const options = {
    name: `run ${scope}`,
    id: keyOf(fleet.process, k),
    scope: fleet.scope(scope),
    spanOptions: { attributes: attributesOf(fleet, k, pad) },
  };
  const run = inContext(place, () => startRun(options));
  fleet.tell(["b", k, spanFacts(run.span)]);
  const open: OpenRun = { k, run, scope, within };
  fleet.runs.set(k, open);
  if (place.isPrompt === true) {
    run.signal.addEventListener("abort", () => endRun(fleet, open, "aborted"));
  }
  return open;
};

/** Ends it, unless it has ended. */
export const endRun = (fleet: Fleet, { k, run }: OpenRun, ending: Ending): void => {
  if (!fleet.runs.delete(k)) return;
  run.span.setAttribute(ATTR_ENDED, `${keyOf(fleet.process, k)} ${ending}`);
  fleet.tell(["E", k, ending]);
  finish(run, ending);
  const { close } = run;
  fleet.tell([
    "e",
    k,
    {
      type: close?.type ?? "none",
      action: close?.type === "lifecycle_action" ? close.action.id : undefined,
      et: endOf(run.span),
    },
  ]);
};

/** Cancels it; it goes on, unless it listens. */
export const cancelRun = ({ tell }: Fleet, { k, run }: OpenRun): void => {
  tell(["X", k]);
  run.cancel();
  tell(["x", k]);
};

/** Begins the root span of a request, which is a run without a line of code. */
export const beginRoot = (fleet: Fleet, pad: number): OpenRoot => {
  const k = fleet.nextRun();
  fleet.tell(["B", k, { kind: "root", scope: "process", within: [], pad }]);
  const options = { kind: SpanKind.SERVER, attributes: attributesOf(fleet, k, pad) };
  const span = trace.getTracer("torture").startSpan("GET /work", options, ROOT_CONTEXT);
  fleet.tell(["b", k, spanFacts(span)]);
  const open: OpenRoot = { k, span };
  fleet.roots.set(k, open);
  return open;
};

/** Ends it, as an instrumentation would. */
export const endRoot = (fleet: Fleet, { k, span }: OpenRoot): void => {
  fleet.roots.delete(k);
  span.setAttribute(ATTR_ENDED, `${keyOf(fleet.process, k)} returned`);
  fleet.tell(["E", k, "returned"]);
  span.end();
  const { attributes } = span as unknown as { readonly attributes: Attributes };
  const action = attributes["lifecycle.close.action.id"];
  fleet.tell([
    "e",
    k,
    {
      type: String(attributes["lifecycle.close.class"] ?? "completed"),
      action: action === undefined ? undefined : String(action),
      et: endOf(span),
    },
  ]);
};

const inContext = ({ parent, root }: RunPlace, begin: () => Run): Run => {
  if (parent !== undefined) return parent.run.with(begin);
  return root === undefined ? begin() : context.with(trace.setSpan(ROOT_CONTEXT, root.span), begin);
};

const attributesOf = ({ process }: Fleet, k: number, pad: number): Attributes => ({
  [ATTR_KEY]: keyOf(process, k),
  [ATTR_BEGUN]: `begun ${keyOf(process, k)}`,
  ...(pad > 0 ? { [ATTR_PAD]: "x".repeat(pad) } : undefined),
});

const finish = (run: Run, ending: Ending): void => {
  switch (ending) {
    case "returned":
      run.end();
      return;
    case "threw":
      run.fail(new TypeError("thrown by the load"));
      return;
    case "aborted":
      run.fail(run.signal.reason ?? new TypeError("never asked"));
      return;
    case "completed":
      run.complete();
      run.end();
  }
};
