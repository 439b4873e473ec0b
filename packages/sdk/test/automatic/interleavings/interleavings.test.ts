import { trace } from "@opentelemetry/api";
import { type ReadableSpan, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import { createScope, lifecycleSnapshot, type Scope } from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import fc from "fast-check";
import { expect, test } from "vitest";
import { KeepingExporter, registerProvider } from "../../tracing.ts";
import { type Command, commands, SCOPE_PARENTS } from "./command.ts";
import { Driver, spanOf } from "./driver.ts";
import { type Act, Model, type Verdict } from "./model.ts";

const RUNS = Number(process.env["FC_RUNS"] ?? 300);

test("roots, runs below them, actions and shutdown in any order: every span, count and snapshot is what the rules say (rules 16 to 18 and 21)", async () => {
  await fc.assert(
    fc.asyncProperty(commands, fc.boolean(), async (steps, endsByShutdown) => {
      trace.disable();
      const scopes = treeOfScopes();
      const exporter = new KeepingExporter();
      const ours = new LifecycleSpanProcessor({
        automaticRuns: { scope: (span) => scopes[scopeOf(span)] },
      });
      const { provider, tracer } = registerProvider([ours, new SimpleSpanProcessor(exporter)]);
      const model = new Model();
      const driver = new Driver(tracer, scopes);
      const both = (command: Command): void => {
        model.step(command);
        driver.step(command);
        expect(lifecycleSnapshot()).toMatchObject({ ...model.inFlight, bounded: {} });
      };
      for (const command of steps) both(command);
      if (endsByShutdown) model.shutDown();
      else for (const command of rest(model)) both(command);
      await provider.shutdown();

      expect(lifecycleSnapshot()).toMatchObject({ runs: 0, actions: 0 });
      const spans = exporter.getFinishedSpans();
      expect(actualOf(driver, spans)).toEqual(expectedOf(model, driver, spans));
      expect(countsOf(driver, spans)).toEqual(model.acts.map(({ counts }) => counts));
      for (const { counts } of model.acts) {
        const { covered = 0, ...parts } = counts ?? {};
        expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(covered);
      }
    }),
    { numRuns: RUNS },
  );
}, 120_000);

const treeOfScopes = (): readonly Scope[] => {
  const scopes: Scope[] = [];
  for (const parent of SCOPE_PARENTS) {
    const above = parent === undefined ? undefined : scopes[parent];
    scopes.push(createScope({ kind: "instance", ...(above && { parent: above }) }));
  }
  return scopes;
};

const scopeOf = (span: object): number =>
  Number((span as { readonly attributes: Record<string, unknown> }).attributes["scope"]);

/** What ends all that is under way. */
const rest = ({ works, acts }: Model): readonly Command[] => [
  ...acts.map((_, action) => ({ type: "end action", action }) as const),
  ...works.map((_, work) => ({ type: "end", work, ending: "plain" }) as const),
];

/** What each span of the works says, in the order in which they began. */
const actualOf = ({ works }: Driver, spans: readonly ReadableSpan[]): unknown =>
  works.map((work) => {
    const found = exportedOf(spanOf(work), spans);
    return found.map(({ attributes }) => ({
      result: attributes["lifecycle.run.result"],
      scope: attributes["lifecycle.scope.kind"],
      class: attributes["lifecycle.close.class"],
      inherited: attributes["lifecycle.close.inherited_class"],
      action: attributes["lifecycle.close.action.id"],
    }));
  });

const expectedOf = (model: Model, driver: Driver, spans: readonly ReadableSpan[]): unknown =>
  model.works.map(({ verdict, hasYielded }) => {
    if (verdict === undefined) throw new Error("everything has ended");
    const action = verdict.action && idOf(verdict.action, { model, driver, spans });
    const closedAs = ["completed", "nothing"].includes(verdict.class) ? undefined : verdict.class;
    const common = { action, result: undefined, scope: undefined, class: undefined };
    if (hasYielded) return [{ ...common, inherited: closedAs }];
    const result = RESULTS[verdict.class];
    return [{ result, scope: "instance", class: closedAs, inherited: undefined, action }];
  });

const RESULTS: Readonly<Record<Verdict["class"], string | undefined>> = {
  completed: "completed",
  error: "failed",
  lifecycle_action: "interrupted",
  nothing: undefined,
};

const countsOf = ({ acts }: Driver, spans: readonly ReadableSpan[]): unknown => {
  const ours = acts.flatMap(({ span }) => exportedOf(span, spans));
  const shutdowns = spans.filter(({ name }) => name === "shutdown process");
  return [...ours, ...shutdowns].map(({ attributes }) => {
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
};

interface Told {
  readonly model: Model;
  readonly driver: Driver;
  readonly spans: readonly ReadableSpan[];
}

// That of the shutdown, which the driver did not start, is the last.
const idOf = (act: Act, { model, driver, spans }: Told): unknown =>
  driver.acts[model.acts.indexOf(act)]?.id ??
  spans.find(({ name }) => name === "shutdown process")?.attributes["lifecycle.action.id"];

const exportedOf = (
  span: { spanContext(): { spanId: string } },
  spans: readonly ReadableSpan[],
): readonly ReadableSpan[] =>
  spans.filter((one) => one.spanContext().spanId === span.spanContext().spanId);
