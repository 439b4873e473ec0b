import { lifecycleSnapshot } from "@otel-lifecycle/api";
import * as fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type Harvest, registerHarvest } from "../support/harvest.ts";
import { type Command, interleaving, SETTLE_TIMEOUT_MS } from "./command.ts";
import { Driver } from "./driver.ts";
import { Model } from "./model.ts";

// FC_RUNS=60000 looks for a minute.
const RUNS = Number(process.env["FC_RUNS"] ?? 1_000);

const harvest = registerHarvest();
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  harvest.reset();
});

test("no interleaving gives a wrong class, a wrong count, a missing link or a leak", () =>
  fc.assert(
    fc.property(interleaving, (commands) => {
      harvest.reset();
      const { model, driver } = play(commands);
      expect(closesOf(driver)).toEqual(expectedCloses(model, driver));
      expect(stampsOf(driver, harvest)).toEqual(expectedStamps(model, driver));
      expect(countsOf(driver, harvest)).toEqual(expectedCounts(model));
      expect(interruptsOf(driver, harvest)).toEqual(expectedInterrupts(model));
      expect(linksOf(driver, harvest)).toEqual(expectedLinks(model, driver));
      expect(lifecycleSnapshot()).toMatchObject({ runs: 0, actions: 0, bounded: {} });
    }),
    { numRuns: RUNS },
  ));

/** Plays the commands to both, and then ends what is left, so that nothing may be in flight. */
function play(commands: readonly Command[]): { readonly model: Model; readonly driver: Driver } {
  const model = new Model();
  const driver = new Driver();
  const step = (command: Command) => {
    model.step(command);
    driver.step(command);
  };
  for (const command of commands) step(command);
  for (const action of model.actions.keys()) step({ type: "end action", action });
  for (const run of model.runs.keys()) step({ type: "end run", run, ending: "return" });
  step({ type: "advance", ms: SETTLE_TIMEOUT_MS });
  return { model, driver };
}

function closesOf({ runs }: Driver): unknown {
  return runs.map(({ close }) =>
    close?.type === "lifecycle_action" ? [close.type, close.action.id] : [close?.type, undefined],
  );
}

function expectedCloses(model: Model, driver: Driver): unknown {
  return model.runs.map(({ verdict }) => [verdict?.class, idOf(verdict?.action, model, driver)]);
}

/** What each run's span says: every run has one, which was stamped once. */
function stampsOf({ runs }: Driver, { raw }: Harvest): unknown {
  return runs.map((run) =>
    raw()
      .filter(({ name }) => name === run.name)
      .map(({ attributes }) => [
        attributes["lifecycle.run.result"],
        attributes["lifecycle.close.class"],
        attributes["lifecycle.close.action.id"],
      ]),
  );
}

const RESULT = {
  completed: "completed",
  lifecycle_action: "interrupted",
  user_cancel: "interrupted",
  unknown_scope_close: "interrupted",
  timeout: "failed",
  upstream_disconnect: "failed",
  error: "failed",
} as const;

function expectedStamps(model: Model, driver: Driver): unknown {
  return model.runs.map(({ verdict }) => [
    [
      verdict && RESULT[verdict.class],
      verdict?.class === "completed" ? undefined : verdict?.class,
      idOf(verdict?.action, model, driver),
    ],
  ]);
}

function countsOf({ actions }: Driver, harvested: Harvest): unknown {
  return actions.map((action) => {
    const { attributes } = spanOf(action.span, harvested);
    const count = (what: string) => attributes[`lifecycle.action.${what}_run_count`];
    return {
      covered: count("covered"),
      interrupted: count("interrupted"),
      completed: count("completed"),
      failed: count("failed"),
      other: count("other"),
      unsettled: count("unsettled"),
    };
  });
}

function expectedCounts({ actions }: Model): unknown {
  for (const { counts } of actions) {
    const { covered = 0, ...parts } = counts ?? {};
    expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(covered);
  }
  return actions.map(({ counts }) => counts);
}

/** The runs of each action that have an interrupt span, by name. */
function interruptsOf({ actions }: Driver, { raw }: Harvest): unknown {
  return actions.map(
    ({ span }) =>
      raw()
        .filter(({ parentSpanContext }) => parentSpanContext?.spanId === span.spanContext().spanId)
        .filter(({ name }) => name.startsWith("interrupt ")).length,
  );
}

function expectedInterrupts({ actions }: Model): unknown {
  return actions.map(({ counts, asks }) => {
    const { interrupted = 0, unsettled = 0 } = counts ?? {};
    return interrupted + (asks ? unsettled : 0);
  });
}

/** The action to which each run links, and how many of its links each action has back. */
function linksOf({ runs, actions }: Driver, harvested: Harvest): unknown {
  const targets = (span: Driver["runs"][number]["span"]) =>
    spanOf(span, harvested).links.map(({ context }) => context.spanId);
  return {
    runs: runs.map(({ span }) => targets(span)),
    actions: actions.map(({ span }) => targets(span).sort()),
  };
}

function expectedLinks(model: Model, driver: Driver): unknown {
  const runSpan = (run: Model["runs"][number]) =>
    driver.runs[model.runs.indexOf(run)]?.span.spanContext().spanId;
  return {
    runs: model.runs.map(({ verdict }) => {
      if (verdict?.action === undefined) return [];
      return [driver.actions[model.actions.indexOf(verdict.action)]?.span.spanContext().spanId];
    }),
    actions: model.actions.map((action) => [...action.linked].map(runSpan).sort()),
  };
}

function idOf(action: Model["actions"][number] | undefined, model: Model, driver: Driver): unknown {
  return action && driver.actions[model.actions.indexOf(action)]?.id;
}

function spanOf(span: Driver["runs"][number]["span"], { raw }: Harvest) {
  const { spanId } = span.spanContext();
  const [found, ...more] = raw().filter((one) => one.spanContext().spanId === spanId);
  if (found === undefined || more.length > 0) throw new Error("expected the span exported once");
  return found;
}
