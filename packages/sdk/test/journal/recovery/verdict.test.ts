import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CauseBody } from "../../../src/journal/format/bodies.ts";
import { type Cover, verdictOn } from "../../../src/journal/recovery/verdict.ts";

/** A moment in the life of a process that has two scopes, one inside the other. */
type Event =
  | { readonly type: "begin"; readonly inner: boolean; readonly begunIn: number }
  | {
      readonly type: "cover";
      readonly inner: boolean;
      readonly final: boolean;
      readonly host: number;
    }
  | { readonly type: "done" | "lapse" | "close"; readonly action: number }
  /** A deadline's timer fires so late. */
  | { readonly type: "cause"; readonly run: number; readonly late: number }
  | { readonly type: "end"; readonly run: number };

const OUTER = 1;
const INNER = 2;

interface ModelRun {
  readonly q: number;
  readonly inner: boolean;
  readonly begunIn: number | undefined;
  /** What has asked it so far and has not lapsed since, in order; an action by its place. */
  asked: ({ readonly q: number; readonly at: number } & (
    | { readonly action: number }
    | { readonly cause: true }
  ))[];
  isOver: boolean;
}

interface ModelAction {
  readonly q: number;
  readonly inner: boolean;
  readonly final: boolean;
  readonly host: number | undefined;
  done: number | undefined;
  hasLapsed: boolean;
  isClosed: boolean;
}

/** The process as it lives: each run keeps who has asked it, and what lapses is taken out again. */
const live = (events: readonly Event[]) => {
  const runs: ModelRun[] = [];
  const actions: ModelAction[] = [];
  let q = 0;
  const holds = (action: ModelAction, place: number, run: ModelRun): boolean =>
    (!action.inner || run.inner) && run.begunIn !== place && action.host !== runs.indexOf(run);
  const lapse = (place: number): void => {
    for (const run of runs)
      run.asked = run.asked.filter((one) => !("action" in one && one.action === place));
  };
  for (const event of events) {
    // Only these take a number of the thread's counter.
    if (["begin", "cover", "cause"].includes(event.type)) q += 1;
    switch (event.type) {
      case "begin": {
        const begunIn = event.begunIn < actions.length ? event.begunIn : undefined;
        const run: ModelRun = { q, inner: event.inner, begunIn, asked: [], isOver: false };
        runs.push(run);
        actions.forEach((action, place) => {
          const isOpen = action.final || (action.done === undefined && !action.isClosed);
          const lasts = action.final || !action.hasLapsed;
          if (isOpen && lasts && holds(action, place, run))
            run.asked.push({ q: action.q, at: action.q, action: place });
        });
        break;
      }
      case "cover": {
        const host = event.host < runs.length ? event.host : undefined;
        const { inner, final } = event;
        const place = actions.length;
        const action = {
          q,
          inner,
          final,
          host,
          done: undefined,
          hasLapsed: false,
          isClosed: false,
        };
        actions.push(action);
        for (const run of runs) {
          if (!run.isOver && holds(action, place, run)) run.asked.push({ q, at: q, action: place });
        }
        break;
      }
      case "cause": {
        const run = runs[event.run % Math.max(runs.length, 1)];
        if (run !== undefined && !run.isOver)
          run.asked.push({ q, at: q - event.late, cause: true });
        break;
      }
      case "end": {
        const run = runs[event.run % Math.max(runs.length, 1)];
        if (run !== undefined) run.isOver = true;
        break;
      }
      default: {
        const place = event.action % Math.max(actions.length, 1);
        const action = actions[place];
        if (action === undefined || action.isClosed) break;
        action.done ??= q;
        if (event.type === "done") break;
        action.hasLapsed = true;
        if (event.type === "close") action.isClosed = true;
        if (!action.final) lapse(place);
      }
    }
  }
  return { runs, actions };
};

const first = ({ asked }: ModelRun): string => {
  const [one] = [...asked].sort((a, b) => a.at - b.at || a.q - b.q);
  if (one === undefined) return "process_lost";
  return "action" in one ? `cover ${one.action}` : `cause ${one.q}`;
};

/** What the journal of that process holds of its covers by then. */
const coversOf = (actions: readonly ModelAction[], runs: readonly ModelRun[]): readonly Cover[] =>
  actions.flatMap(({ q, inner, final, host, done, hasLapsed, isClosed }, place) => {
    if (isClosed && !final) return [];
    const hostQ = host === undefined ? undefined : runs[host]?.q;
    return [
      {
        q,
        at: q,
        id: `${place}`,
        sc: inner ? INNER : OUTER,
        final,
        done,
        hasLapsed,
        ...(hostQ === undefined ? undefined : { h: [hostQ] }),
      },
    ];
  });

const eventOf: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ type: fc.constant("begin" as const), inner: fc.boolean(), begunIn: fc.nat(4) }),
  fc.record({
    type: fc.constant("cover" as const),
    inner: fc.boolean(),
    final: fc.constantFrom(false, false, false, true),
    host: fc.nat(8),
  }),
  fc.record({ type: fc.constantFrom("done", "lapse", "close"), action: fc.nat(4) }),
  fc.record({
    type: fc.constant("cause" as const),
    run: fc.nat(8),
    late: fc.oneof(fc.constant(0), fc.nat(8)),
  }),
  fc.record({ type: fc.constant("end" as const), run: fc.nat(8) }),
);

describe("the earliest cause that stands at the death closes a run (rules 2, 3)", () => {
  test("as the process itself would have said, whenever it dies", () => {
    fc.assert(
      fc.property(fc.array(eventOf, { maxLength: 24 }), (events) => {
        const { runs, actions } = live(events);
        const covers = coversOf(actions, runs);
        for (const run of runs.filter(({ isOver }) => !isOver)) {
          const causes = run.asked.flatMap((one): CauseBody[] =>
            "cause" in one ? [{ q: one.q, at: one.at, type: "timeout", via: "deadline" }] : [],
          );
          const verdict = verdictOn(
            {
              r: {
                q: run.q,
                sc: run.inner ? [INNER, OUTER] : [OUTER],
                ...(run.begunIn === undefined ? undefined : { bi: [`${run.begunIn}`] }),
              },
              causes: causes.reverse(),
            },
            [...covers].reverse(),
          );
          const told =
            verdict.type === "cover"
              ? `cover ${verdict.cover.id}`
              : verdict.type === "cause"
                ? `cause ${verdict.cause.q}`
                : verdict.type;
          expect(told).toBe(first(run));
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
