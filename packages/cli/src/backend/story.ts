import {
  ATTR_ACTION_ID,
  ATTR_ACTION_RESULT,
  ATTR_CLOSE_ACTION_ID,
  ATTR_RUN_ID,
  ATTR_RUN_RESULT,
} from "@otel-lifecycle/api";
import type { LifecycleSpan } from "../otlp/lifecycle-span.ts";
import { hexIdOf } from "../otlp/scalar.ts";
import type { Backend, Search, TimeWindow } from "./backend.ts";
import type { Bounds } from "./bounds.ts";
import { isServiceName } from "./ids.ts";
import { tellingSpans } from "./kin.ts";
import { leadsOf } from "./leads.ts";
import type { LeftOut } from "./left-out.ts";
import type { Question } from "./question.ts";
import { createSearching } from "./searching.ts";
import { createTraceHarvest } from "./trace-harvest.ts";

/** How far a question has got. */
export interface Progress {
  readonly found: number;
  readonly fetched: number;
}

export interface StoryOptions {
  readonly bounds: Bounds;
  readonly leftOut: LeftOut;
  /** Where what is known by an id is looked for: its beginning may be long ago. */
  readonly widest: TimeWindow;
  readonly onProgress: (progress: Progress) => void;
}

/**
 * The spans that answer a question: found, then followed from the runs to the actions that closed
 * them, to what else those closed, and to the actions around and inside, through whatever traces
 * and services. Throws InputError if the backend cannot be asked.
 */
export async function storyOf(
  backend: Backend,
  question: Question,
  { bounds, leftOut, widest, onProgress }: StoryOptions,
): Promise<readonly LifecycleSpan[]> {
  const progress = { found: 0, fetched: 0 };
  const report = (change: Partial<Progress>): void => onProgress(Object.assign(progress, change));
  const searching = createSearching(backend, {
    bounds,
    leftOut,
    onFound: (found) => report({ found: Math.max(found, progress.found) }),
  });
  const harvest = createTraceHarvest(backend, {
    bounds,
    leftOut,
    onFetched: (fetched, wanted) => report({ fetched, found: Math.max(wanted, progress.found) }),
  });

  // In their order: where a bound is met, the runs that completed are what is left out.
  for (const searches of firstSearches(question)) {
    const found = await searching.find(
      inEach(askedServices(backend, question), searches),
      question.window,
    );
    await harvest.take(found);
  }
  if (harvest.spans().length === 0) await harvest.take(tracesAskedFor(question));

  for (let round = 1; ; round += 1) {
    const spans = harvest.spans();
    const leads = leadsOf(spans, question);
    // A run names its action's trace, and what is in there needs no search.
    const fresh =
      (await harvest.take(leads.traceIds)) ||
      (await harvest.take(
        await searching.find(
          inEach(knownServices(backend, question, spans), leads.searches),
          widest,
        ),
      ));
    if (fresh === 0) break;
    if (round === bounds.rounds) {
      leftOut.add("rounds");
      break;
    }
  }
  return tellingSpans(harvest.spans(), question);
}

type AttributeValue = readonly [attribute: string, value: string];

// No backend finds an attribute by its presence alone in every version, and these are all values.
const CLOSED_RUNS: readonly AttributeValue[] = ["interrupted", "failed", "lost"].map((result) => [
  ATTR_RUN_RESULT,
  result,
]);
const ACTIONS: readonly AttributeValue[] = ["completed", "failed", "unsettled"].map((result) => [
  ATTR_ACTION_RESULT,
  result,
]);
const COMPLETED_RUNS: readonly AttributeValue[] = [[ATTR_RUN_RESULT, "completed"]];

function firstSearches({ about }: Question): readonly (readonly AttributeValue[])[] {
  switch (about.type) {
    case "action":
      return [
        [
          [ATTR_ACTION_ID, about.id],
          [ATTR_CLOSE_ACTION_ID, about.id],
        ],
      ];
    case "run":
      return [[[ATTR_RUN_ID, about.id]]];
    case "all":
      return [[...CLOSED_RUNS, ...ACTIONS], COMPLETED_RUNS];
  }
}

/** A run that has no id of its own is asked for by its trace's. */
function tracesAskedFor({ about }: Question): readonly string[] {
  const traceId = about.type === "run" ? hexIdOf(about.id, 16) : undefined;
  return traceId === undefined ? [] : [traceId];
}

/** One after another, because hostile spans may name as many services as they name actions. */
function* inEach(
  services: readonly (string | undefined)[],
  searches: readonly AttributeValue[],
): Generator<Search> {
  for (const service of services)
    for (const [attribute, value] of searches) yield { attribute, value, service };
}

function askedServices(backend: Backend, { services }: Question): readonly (string | undefined)[] {
  return backend.searchesAllServices && services.length === 0 ? [undefined] : services;
}

/** Where a story goes on: in any service, or in those that have been seen in it. */
function knownServices(
  backend: Backend,
  { services }: Question,
  spans: readonly LifecycleSpan[],
): readonly (string | undefined)[] {
  if (backend.searchesAllServices) return [undefined];
  const seen = spans.flatMap(({ service }) => service ?? []).filter(isServiceName);
  return [...new Set([...services, ...seen])];
}
