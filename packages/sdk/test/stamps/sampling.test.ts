import { context, createContextKey, SamplingDecision, trace } from "@opentelemetry/api";
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  type Sampler,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-node";
import {
  createScope,
  lifecycleSnapshot,
  startAction,
  startRun,
  withAction,
} from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { describe, expect, test } from "vitest";
import { attributesNamed, counts, documentNamed } from "../span-document.ts";
import { capturedDiag, KeepingExporter, registerProvider } from "../tracing.ts";

const scope = createScope({ kind: "instance" });

/** Decides by the span's name, which is what a sampler sees before anything else. */
const dropping = (dropped: string): Sampler => ({
  shouldSample: (_context, _traceId, name) => ({
    decision: name === dropped ? SamplingDecision.NOT_RECORD : SamplingDecision.RECORD_AND_SAMPLED,
  }),
  toString: () => `dropping ${dropped}`,
});

const register = (sampler: Sampler) => {
  const exporter = new KeepingExporter();
  const processors = [new LifecycleSpanProcessor(), new SimpleSpanProcessor(exporter)];
  return { exporter, ...registerProvider(processors, { sampler }) };
};

describe("a run whose span is not recorded is closed and counted like any other (rules 1 and 8)", () => {
  test("sampled out, it is asked, attributed and counted; its action is exported", () => {
    const { exporter } = register(dropping("dropped run"));
    const dropped = startRun({ name: "dropped run", scope });
    const kept = startRun({ name: "kept run", scope });
    withAction({ kind: "dispose", scope }, () => undefined);
    dropped.fail(dropped.signal.reason);
    kept.fail(kept.signal.reason);

    expect([dropped.close?.type, dropped.span.isRecording()]).toEqual(["lifecycle_action", false]);
    expect(attributesNamed(exporter.getFinishedSpans(), "dispose instance")).toMatchObject(
      counts({ covered: 2, interrupted: 2 }),
    );
  });

  test("nothing is recorded, and nothing is left or thrown", () => {
    const lines = capturedDiag();
    const { exporter } = register(new AlwaysOffSampler());
    const run = startRun({ name: "agent run", scope });
    const action = startAction({ kind: "dispose", scope });
    run.fail(run.signal.reason);
    action.end();
    expect([exporter.getFinishedSpans(), lines]).toEqual([[], []]);
    expect(lifecycleSnapshot()).toMatchObject({ runs: 0, actions: 0 });
  });

  test("an adopted span that does not record ends its run, and leaves nothing in flight", () => {
    register(new AlwaysOffSampler());
    for (let job = 0; job < 100; job += 1) {
      const span = trace.getTracer("jobs").startSpan("job");
      startRun({ span, scope });
      span.end();
    }
    expect(lifecycleSnapshot()).toMatchObject({ runs: 0 });
  });

  test("an action that has no span id is named in attributes and linked by nobody", () => {
    const { exporter } = register(new AlwaysOnSampler());
    const run = startRun({ name: "agent run", scope });
    // The key of `suppressTracing` in @opentelemetry/core.
    const key = createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING");
    const suppressed = context.active().setValue(key, true);
    context.with(suppressed, () => withAction({ kind: "dispose", scope }, () => undefined));
    run.fail(run.signal.reason);
    const { attributes, links } = documentNamed(exporter.getFinishedSpans(), "agent run");
    expect(attributes).toMatchObject({ "lifecycle.close.action.kind": "dispose" });
    expect(attributes).not.toHaveProperty("lifecycle.close.action.trace_id");
    expect(attributes).not.toHaveProperty("lifecycle.close.action.span_id");
    expect(links).toEqual([]);
  });
});
