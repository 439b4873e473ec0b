import { createScope, lifecycleSnapshot, startAction, withRun } from "@otel-lifecycle/api";
import { expect, test } from "vitest";
import { sowField } from "../support/harvest.ts";
import { linkBreaches } from "../support/links.ts";
import { verdictBreaches } from "../support/verdicts.ts";

const RUNS = 5000;
const MAX_INTERRUPTS = 1000;
const MAX_LINKS = 100;

test(`${RUNS} runs in flight are disposed of, and all arrive exactly once (rule 8)`, async () => {
  const field = await sowField({ maxQueueSize: 2 * RUNS });
  const store = createScope({ kind: "instance_store" });
  const runs = Array.from({ length: RUNS }, () =>
    withRun(
      { name: "agent run", scope: store },
      (run) =>
        new Promise((_resolve, reject) =>
          run.signal.addEventListener("abort", () => reject(run.signal.reason), { once: true }),
        ),
    ),
  );
  const disposal = startAction({ kind: "dispose_all", scope: store, trigger: "http" });
  disposal.end();
  const endings = await Promise.allSettled(runs);
  await disposal.settled;
  const { spans, account } = await field.harvest();

  const byName = (name: string) => spans.filter((span) => span.name === name);
  const [action] = byName("dispose_all instance_store");
  expect({
    rejected: endings.filter(({ status }) => status === "rejected").length,
    runs: byName("agent run").length,
    interrupts: byName("interrupt agent run").length,
    actions: byName("dispose_all instance_store").length,
    spans: spans.length,
    distinct: new Set(spans.map((span) => span.spanId)).size,
    links: action?.links.length,
    result: action?.attributes["lifecycle.action.result"],
  }).toEqual({
    rejected: RUNS,
    runs: RUNS,
    interrupts: MAX_INTERRUPTS,
    actions: 1,
    spans: RUNS + MAX_INTERRUPTS + 1,
    distinct: RUNS + MAX_INTERRUPTS + 1,
    links: MAX_LINKS,
    result: "completed",
  });
  expect(account.actions.map(({ runs, closed }) => ({ runs, closed: closed.length }))).toEqual([
    {
      runs: { covered: RUNS, interrupted: RUNS, completed: 0, failed: 0, other: 0, unsettled: 0 },
      closed: RUNS,
    },
  ]);
  expect([...spans.flatMap(verdictBreaches), ...linkBreaches(spans)]).toEqual([]);
  expect(lifecycleSnapshot()).toMatchObject({ runs: 0, actions: 0 });
});
