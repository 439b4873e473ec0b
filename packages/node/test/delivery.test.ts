import type { ExportResult } from "@opentelemetry/core";
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import { expect, it } from "vitest";
import { createDelivery } from "../src/delivery.ts";

it("has settled what was under way, though more has come since", async () => {
  const answers: ((result: ExportResult) => void)[] = [];
  const exporter: SpanExporter = {
    export: (_spans, done) => void answers.push(done),
    shutdown: () => Promise.resolve(),
  };
  const delivery = createDelivery(exporter, { maxSpans: 10 });
  const ignore = (): void => undefined;
  delivery.exporter.export([], ignore);
  delivery.exporter.export([], ignore);
  const settled = delivery.settled();
  delivery.exporter.export([], ignore);
  answers[0]?.({ code: 0 });
  answers[1]?.({ code: 0 });
  await settled;
  expect(answers.length).toBe(3);
});
