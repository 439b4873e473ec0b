import { type Sampler, SamplingDecision } from "@opentelemetry/sdk-trace-node";
import { startRun } from "@otel-lifecycle/api";
import { beginShutdown, LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { expect, test } from "vitest";
import { namesOf, setUp } from "./journalling.ts";
import { attributesOf, killedNow } from "./killed.ts";

const withoutActions: Sampler = {
  shouldSample: (...[, , , , attributes]) => ({
    decision:
      "lifecycle.action.id" in attributes
        ? SamplingDecision.NOT_RECORD
        : SamplingDecision.RECORD_AND_SAMPLED,
  }),
  toString: () => "without actions",
};

// Alone in its file, because the cover of such a shutdown stays.
test("a shutdown that was dropped covers for good from when the process goes", async () => {
  const processor = new LifecycleSpanProcessor();
  const { journal, provider } = setUp({
    options: { processor },
    config: { sampler: withoutActions },
  });
  startRun({ name: "agent run" });
  beginShutdown({ trigger: "signal", signal: "SIGTERM" });
  expect(attributesOf(await killedNow(journal.path), "agent run")).toMatchObject({
    "lifecycle.close.class": "lifecycle_action",
    "lifecycle.close.action.kind": "shutdown",
    "lifecycle.close.action.trigger": "signal",
  });
  processor.endOpenSpans(100);
  expect(namesOf(journal.path).slice(0, 5)).toEqual(["B2", "B3", "U2", "D3", "A 3"]);
  const late = startRun({ name: "late run" });
  const lost = attributesOf(await killedNow(journal.path), "late run");
  expect(lost["lifecycle.close.action.kind"]).toBe("shutdown");
  late.end();
  await provider.forceFlush();
  expect(journal.isNeeded).toBe(false);
});
