import { expect, test } from "vitest";
import type { OtlpSpan } from "../support/otlp-span.ts";
import { describeWith } from "./support/binary.ts";
import { DEMO_SERVICE, type PlayedDemo, playDemo } from "./support/demo.ts";
import { otlpTraceOf, tracesWith, type UiSpan, uiTraceOf } from "./support/jaeger-api.ts";

const byId = (spans: readonly OtlpSpan[]): readonly OtlpSpan[] =>
  spans.toSorted((one, other) => (one.spanId < other.spanId ? -1 : 1));

const requireAction = ({ sent }: PlayedDemo, kind: string): OtlpSpan => {
  const action = sent.find(({ attributes }) => attributes["lifecycle.action.kind"] === kind);
  if (action === undefined) throw new Error(`the demo made no ${kind}`);
  return action;
};

/** The ids of runs in Jaeger whose own span has all of these tags. */
const runsWith = async ({ jaeger }: PlayedDemo, tags: Readonly<Record<string, string>>) => {
  const traces = await tracesWith(jaeger.url, DEMO_SERVICE, tags);
  return traces
    .flatMap(({ spans }) => spans)
    .map((span) => tagsOf(span))
    .filter((span) => Object.entries(tags).every(([key, value]) => span[key] === value))
    .flatMap((span) => ("lifecycle.run.result" in span ? [span["lifecycle.run.id"]] : []))
    .sort();
};

const sentWith = ({ sent }: PlayedDemo, tags: Readonly<Record<string, string>>) =>
  sent
    .map(({ attributes }) => attributes)
    .filter((span) => Object.entries(tags).every(([key, value]) => span[key] === value))
    .flatMap((span) => ("lifecycle.run.result" in span ? [span["lifecycle.run.id"]] : []))
    .sort();

const tagsOf = ({ tags }: UiSpan) => Object.fromEntries(tags.map(({ key, value }) => [key, value]));

/** How many microseconds a span ends after its parent. */
const lateness = (span: UiSpan, spans: readonly UiSpan[]): number => {
  const [parent] = spans.filter(({ spanID }) => spanID === span.references[0]?.spanID);
  const endOf = ({ startTime, duration }: UiSpan): number => startTime + duration;
  return endOf(span) - endOf(parent ?? span);
};

// The SDK begins spans at whole milliseconds and measures from there, so that a child may end up to
// one later than its parent. Jaeger remarks on it, and alters nothing.
const SKEW = /^clock skew adjustment disabled; not applying calculated delta of -?[\d.]+(?:µs|ms)$/;

describeWith(["otelcol", "jaeger"], "the demo in a real Jaeger, by way of the gateway", () => {
  test("what closed a run is found by the action's id, by class and by kind", async () => {
    const demo = await playDemo();
    const action = requireAction(demo, "dispose_all");
    const searches = [
      [{ "lifecycle.close.action.id": String(action.attributes["lifecycle.action.id"]) }, 4],
      [{ "lifecycle.close.action.kind": "dispose_all" }, 4],
      [{ "lifecycle.close.class": "lifecycle_action" }, 6],
      [{ "lifecycle.close.class": "lifecycle_action", "lifecycle.close.action.kind": "reload" }, 1],
      [{ "lifecycle.close.class": "unknown_scope_close" }, 1],
    ] as const;
    for (const [tags, count] of searches) {
      const runs = await runsWith(demo, tags);
      expect(runs).toEqual(sentWith(demo, tags));
      expect(runs.length).toBe(count);
    }
  });

  test("every span is there once and whole, with its links and their attributes", async () => {
    const { jaeger, sent } = await playDemo();
    const traceIds = [...new Set(sent.map(({ traceId }) => traceId))];
    const traces = await Promise.all(traceIds.map((id) => otlpTraceOf(jaeger.url, id)));
    const stored = byId(traces.flat());
    // Jaeger keeps no schema URLs.
    expect(stored).toEqual(byId(sent).map((span) => ({ ...span, schemaUrl: undefined })));

    const links = stored.flatMap(({ links, traceId }) =>
      links.map((link) => ({
        type: link.attributes["lifecycle.link.type"],
        isAway: link.traceId !== traceId,
      })),
    );
    const across = links.filter(({ isAway }) => isAway);
    expect(new Set(across.map(({ type }) => type))).toEqual(new Set(["closed_by", "interrupts"]));
  });

  test("a parent stays a parent and a link a reference, and nothing is repaired", async () => {
    const { jaeger, sent } = await playDemo();
    const spanOf = new Map(sent.map((span) => [span.spanId, span]));
    for (const traceId of new Set(sent.map((span) => span.traceId))) {
      const { spans } = await uiTraceOf(jaeger.url, traceId);
      expect(new Set(spans.map(({ spanID }) => spanID)).size).toBe(spans.length);
      for (const span of spans) {
        const { parentSpanId, links = [] } = spanOf.get(span.spanID) ?? {};
        expect(span.references).toEqual([
          ...(parentSpanId
            ? [{ refType: "CHILD_OF", traceID: traceId, spanID: parentSpanId }]
            : []),
          ...links.map((link) => ({
            refType: "FOLLOWS_FROM",
            traceID: link.traceId,
            spanID: link.spanId,
          })),
        ]);
        const warnings = span.warnings ?? [];
        expect(warnings.filter((warning) => !SKEW.test(warning))).toEqual([]);
        const late = warnings.length === 0 ? 0 : lateness(span, spans);
        expect(late).toBeLessThan(1000);
      }
    }
  });

  test("the action's trace is one tree: the request, the action, what it interrupted and what it nested", async () => {
    const demo = await playDemo();
    const action = requireAction(demo, "dispose_all");
    const { spans } = await uiTraceOf(demo.jaeger.url, action.traceId);
    const nameOf = new Map(spans.map(({ spanID, operationName }) => [spanID, operationName]));
    const edges = spans.map(({ operationName, references }) => {
      const parents = references.filter(({ refType }) => refType === "CHILD_OF");
      return [operationName, ...parents.map(({ spanID }) => nameOf.get(spanID))];
    });
    expect(edges.sort()).toEqual([
      ["POST /global/dispose"],
      ["dispose instance", "dispose_all instance_store"],
      ["dispose instance", "dispose_all instance_store"],
      ["dispose instance", "dispose_all instance_store"],
      ["dispose_all instance_store", "POST /global/dispose"],
      ["interrupt agent run", "dispose_all instance_store"],
      ["interrupt agent run", "dispose_all instance_store"],
      ["interrupt agent run", "dispose_all instance_store"],
      ["interrupt agent run", "dispose_all instance_store"],
    ]);
  });
});
