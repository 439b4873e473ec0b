import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { recoverJournals } from "../../../src/journal/recovery/recover.ts";
import { usePlace } from "../folder/journals.ts";
import {
  action,
  BEGAN,
  createExporter,
  ended,
  header,
  idOf,
  LAST_SIGN,
  type Line,
  leave,
  run,
  source,
  TRACE,
} from "./dead-journal.ts";

const place = usePlace();

/** What is exported of one journal, by span id. */
const recovered = async (...segments: readonly (readonly Line[])[]) => {
  leave(place.directory, segments);
  const { exporter, batches } = createExporter();
  const result = await recoverJournals(place.directory, exporter);
  const spans = batches.flat();
  return {
    result,
    spans,
    of: (n: number) => spans.find((one) => one.spanContext().spanId === idOf(n)),
  };
};

const NONE_LEFT = {
  alive: 0,
  other_host: 0,
  other_owner: 0,
  newer_version: 0,
  not_a_journal: 0,
  other_pid: 0,
  failed: 0,
};

describe("what was open when its process went is exported as lost (rule 26)", () => {
  test("a run, under its ids and the dead process's resource, until the last sign of life", async () => {
    const parent = { t: TRACE, s: idOf(77), f: 1, re: true };
    const of = { p: parent, k: 1, a: { "lifecycle.run.id": "one", tags: ["a", "b"] }, ts: "x=y" };
    const { result, spans } = await recovered([header(), source(), run(1, {}, of)]);
    const [span] = spans;
    expect(result).toEqual({
      journals: 1,
      spans: 1,
      exported: 1,
      lost: 1,
      refused: 0,
      damaged: 0,
      left: NONE_LEFT,
      isComplete: true,
    });
    const { traceState, ...context } = span?.spanContext() ?? {};
    expect(context).toEqual({ traceId: TRACE, spanId: idOf(1), traceFlags: 1 });
    expect(traceState?.serialize()).toBe("x=y");
    expect(span).toMatchObject({
      name: "span 1",
      kind: 1,
      parentSpanContext: { traceId: TRACE, spanId: idOf(77), traceFlags: 1, isRemote: true },
      startTime: [BEGAN, 1],
      endTime: [LAST_SIGN / 1000, 0],
      duration: [59, 999_999_999],
      ended: true,
      status: { code: 2 },
      links: [],
      events: [],
      resource: { attributes: { "service.name": "shop", "process.pid": 4711 } },
      instrumentationScope: { name: "@otel-lifecycle/api", version: "0.1.0" },
    });
    expect(span?.attributes).toEqual({
      "lifecycle.run.id": "one",
      tags: ["a", "b"],
      "lifecycle.run.result": "lost",
      "lifecycle.close.class": "process_lost",
      "lifecycle.close.confidence": "high",
      "lifecycle.close.via": "journal",
      "error.type": "process_lost",
      "lifecycle.run.recovered": true,
      "lifecycle.loss.reason": "unknown",
    });
  });

  test("a run that an open action had covered is that action's, and both say so", async () => {
    const { result, of } = await recovered([header(), source(), run(1), action(2)]);
    expect(result).toMatchObject({ spans: 2, exported: 2, lost: 1 });
    expect(of(1)?.attributes).toEqual({
      "lifecycle.scope.kind": "process",
      "lifecycle.run.result": "lost",
      "lifecycle.close.class": "lifecycle_action",
      "lifecycle.close.confidence": "medium",
      "lifecycle.close.via": "journal",
      "lifecycle.close.action.id": "action-2",
      "lifecycle.close.action.kind": "dispose_all",
      "lifecycle.close.action.trigger": "http",
      "lifecycle.close.action.trace_id": TRACE,
      "lifecycle.close.action.span_id": idOf(2),
      "error.type": "process_lost",
      "lifecycle.run.recovered": true,
      "lifecycle.loss.reason": "unknown",
    });
    expect(of(1)?.links).toEqual([
      {
        context: { traceId: TRACE, spanId: idOf(2), traceFlags: 1 },
        attributes: { "lifecycle.link.type": "closed_by" },
      },
    ]);
    expect(of(2)).toMatchObject({
      status: { code: 0 },
      attributes: {
        "lifecycle.action.id": "action-2",
        "lifecycle.action.kind": "dispose_all",
        "lifecycle.action.trigger": "http",
        "lifecycle.action.result": "unsettled",
        "lifecycle.action.unsettled_run_count": 1,
      },
      links: [
        {
          context: { traceId: TRACE, spanId: idOf(1), traceFlags: 1 },
          attributes: { "lifecycle.link.type": "interrupts" },
        },
      ],
    });
  });

  test("what was acknowledged is not, and what had ended is as it ended", async () => {
    const { result, spans, of } = await recovered(
      [header(), source(), run(1), run(2), ended(1), ended(2)],
      [header(), source(), ["A", 0, [2]]],
    );
    expect(result).toMatchObject({ spans: 1, exported: 1, lost: 0, isComplete: true });
    expect(spans).toHaveLength(1);
    expect(of(1)?.attributes).toEqual({
      "lifecycle.scope.kind": "process",
      "lifecycle.run.result": "completed",
    });
  });

  test("the journal goes once all of it was exported", async () => {
    await recovered([header(), source(), run(1)]);
    expect(readdirSync(place.directory)).toEqual([]);
  });
});
