import { EventEmitter, once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { context, trace } from "@opentelemetry/api";
import { SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import {
  createScope,
  type EvidenceFacts,
  lifecycleSnapshot,
  type Run,
  type Scope,
  startAction,
  startRun,
  userCancel,
  withAction,
  withRun,
} from "@otel-lifecycle/api";
import { registry } from "@otel-lifecycle/api/internal";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { recordIncidents } from "@otel-lifecycle/sdk/incidents";
import { openJournal } from "@otel-lifecycle/sdk/journal";
import { afterEach, describe, expect, test } from "vitest";
import { documentsOf } from "../span-document.ts";
import { KeepingExporter, registerProvider } from "../tracing.ts";

/** What a scenario has to work with: it takes its steps down as they happen. */
interface Stage {
  readonly scope: Scope;
  step(what: string): void;
  /** Resolves once that step was taken. */
  taken(what: string): Promise<void>;
  /** A request to a provider, over HTTP. */
  ask(run: Run): Promise<string>;
}

const throwing = (): never => {
  throw new Error("hostile");
};

/** Evidence of every kind, in the order of a run that gets far, and some that nobody should give. */
const giveEvidence = (run: Run): void => {
  run.evidence("attempt_started");
  run.evidence("side_effect_boundary", { tools: [{ name: "write_file", effect: "external" }] });
  run.evidence("text_output_started");
  run.evidence("tool_execution_started", { tool: "write_file", toolCallId: "c1" });
  run.evidence("transport_failure", { error: new Error("secret") });
  const hostile = new Proxy({}, { get: throwing, has: throwing, ownKeys: throwing });
  run.evidence("of_my_own", hostile as EvidenceFacts);
  run.evidence("x".repeat(2 ** 16), { name: "\ud800", durationMs: Number.NaN });
};

/** A run that hears its signal, gives evidence, and takes its own time to unwind. */
const work = (stage: Stage, name: string, options: object = {}): Promise<string> =>
  withRun({ name, scope: stage.scope, ...options }, async (run) => {
    run.signal.addEventListener("abort", () => stage.step(`${name} hears`));
    giveEvidence(run);
    try {
      stage.step(`${name} asks`);
      await stage.ask(run);
      stage.step(`${name} waits`);
      return await sleep(10_000, "late", { signal: run.signal });
    } finally {
      await run.finalizer("clean_up", async () => stage.step(`${name} cleans up`));
      stage.step(`${name} is over`);
    }
  });

const error = new Error("broke");
const ACTIONS = ["reload", "dispose", "dispose_directory", "dispose_all", "shutdown", "of_my_own"];

const SCENARIOS: readonly (readonly [string, (stage: Stage) => unknown])[] = [
  ["returns", ({ scope }) => withRun({ name: "agent run", scope }, () => "text")],
  [
    "throws",
    ({ scope }) =>
      withRun({ name: "agent run", scope }, (run) => {
        giveEvidence(run);
        throw error;
      }),
  ],
  [
    "rejects after a request",
    ({ scope, ask }) =>
      withRun({ name: "agent run", scope }, async (run) => {
        giveEvidence(run);
        await ask(run);
        throw error;
      }),
  ],
  [
    "throws undefined",
    ({ scope }) => withRun({ name: "agent run", scope }, () => Promise.reject()),
  ],
  ...ACTIONS.map(
    (kind) =>
      [
        `is closed by ${kind}`,
        async (stage: Stage) => {
          const result = work(stage, "agent run");
          await stage.taken("agent run waits");
          withAction({ kind, scope: stage.scope, trigger: "http" }, () => stage.step(kind));
          return result;
        },
      ] as const,
  ),
  [
    "is closed by nested actions",
    (stage) => {
      const result = work(stage, "agent run");
      withAction({ kind: "dispose_all", scope: stage.scope }, () =>
        withAction({ kind: "dispose", scope: stage.scope }, () => stage.step("inner")),
      );
      return result;
    },
  ],
  [
    "is cancelled",
    (stage) => {
      const run = startRun({ name: "agent run", scope: stage.scope });
      run.signal.addEventListener("abort", () => stage.step("hears"));
      giveEvidence(run);
      run.cancel();
      run.fail(run.signal.reason);
    },
  ],
  ["passes its deadline", (stage) => work(stage, "agent run", { timeoutMs: 300 })],
  [
    "is stopped by a given signal",
    (stage) => {
      const controller = new AbortController();
      const result = work(stage, "agent run", { signal: controller.signal });
      controller.abort(userCancel());
      return result;
    },
  ],
  [
    "is stopped by a given signal that names nobody",
    (stage) => {
      const controller = new AbortController();
      const result = work(stage, "agent run", { signal: controller.signal });
      controller.abort();
      return result;
    },
  ],
  [
    "has a run inside it",
    (stage) =>
      withRun({ name: "outer run", scope: stage.scope }, async (outer) => {
        const result = work(stage, "inner run");
        outer.cancel();
        return result;
      }),
  ],
  [
    "is one of many",
    async (stage) => {
      const results = Array.from({ length: 60 }, (_, index) => work(stage, `run ${index}`));
      const settled = Promise.allSettled(results);
      await Promise.all(results.map((_, index) => stage.taken(`run ${index} waits`)));
      const action = startAction({ kind: "dispose_all", scope: stage.scope });
      action.end();
      await action.settled;
      return (await settled).map(({ status }) => status);
    },
  ],
];

/** What can be seen of a scenario from outside. */
const play = async (scenario: (stage: Stage) => unknown, directory?: string) => {
  const exporter = new KeepingExporter();
  trace.disable();
  context.disable();
  const processor = new LifecycleSpanProcessor();
  const journal = directory === undefined ? undefined : openJournal({ directory, processor });
  const through = journal?.through(exporter) ?? exporter;
  const { provider } = registerProvider([processor, new SimpleSpanProcessor(through)]);
  const steps: string[] = [];
  const taken = new EventEmitter().setMaxListeners(0);
  let calls = 0;
  const server = createServer((_request, response) => {
    calls += 1;
    response.end("text");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  // Of a server on TCP it is one.
  const { port } = server.address() as AddressInfo;
  const stage: Stage = {
    scope: createScope({ kind: "instance" }),
    step: (what) => {
      steps.push(what);
      taken.emit(what);
    },
    taken: async (what) => {
      await once(taken, what);
    },
    ask: async (run) => {
      const response = await fetch(`http://127.0.0.1:${port}/`, { signal: run.signal });
      return response.text();
    },
  };
  const before = lifecycleSnapshot();
  const outcome = await outcomeOf(() => scenario(stage));
  const { runs } = lifecycleSnapshot();
  await provider.forceFlush();
  journal?.close();
  server.close();
  server.closeAllConnections();
  return {
    outcome,
    // Of many runs each has its own order; which of them comes when is for slices of time to say.
    steps: steps.length > 100 ? byRun(steps) : steps,
    calls,
    leaked: runs - before.runs,
    spans: documentsOf(exporter.getFinishedSpans()).map((span) => ({
      ...span,
      attributes: Object.fromEntries(
        Object.entries(span.attributes).filter(([key]) => !key.startsWith("lifecycle.incident.")),
      ),
    })),
    incidents: exporter
      .getFinishedSpans()
      .filter(({ attributes }) => "lifecycle.incident.cause" in attributes).length,
  };
};

const byRun = (steps: readonly string[]): readonly string[] =>
  [...steps].sort((one, other) => Number(/\d+/.exec(one)) - Number(/\d+/.exec(other)));

// An error of ours is made for each run; of an application's own it is the same one.
const outcomeOf = async (scenario: () => unknown): Promise<unknown> => {
  try {
    return { result: await scenario() };
  } catch (thrown) {
    if (!(thrown instanceof Error) || thrown === error) return { thrown };
    const { name, message, code } = thrown as Error & { readonly code?: unknown };
    return { name, message, code };
  }
};

afterEach(() => {
  registry.recorder = undefined;
});

describe("issue 6, point 8: with recording a run that", () => {
  test.each(SCENARIOS)(
    "%s gives the same result, error, order of steps, requests and spans",
    async (_, scenario) => {
      const { incidents: none, ...without } = await play(scenario);
      recordIncidents({ onIncident: throwing });
      const { incidents, ...withRecording } = await play(scenario);
      expect(withRecording).toEqual(without);
      expect(none).toBe(0);
      const broken = without.spans.filter(
        ({ attributes }) => "lifecycle.close.class" in attributes,
      );
      expect(incidents).toBe(broken.length);
      expect(without.leaked).toBe(0);
    },
  );

  test.each(SCENARIOS)(
    "%s is the same with a recorder that throws wherever it can",
    async (_, scenario) => {
      const { incidents: none, ...without } = await play(scenario);
      registry.recorder = { noted: throwing, initiated: throwing, ended: throwing };
      const { incidents, ...withRecorder } = await play(scenario);
      expect(withRecorder).toEqual(without);
      expect([none, incidents]).toEqual([0, 0]);
    },
  );
});

describe("issue 7, point 1: with a journal a run that", () => {
  test.each(SCENARIOS)(
    "%s gives the same result, error, order of steps, requests and spans",
    async (_, scenario) => {
      const directory = mkdtempSync(join(tmpdir(), "journal-"));
      try {
        const without = await play(scenario);
        expect(await play(scenario, directory)).toEqual(without);
        // All of it was exported, so nothing is left to the next start.
        expect(readdirSync(directory)).toEqual([]);
      } finally {
        rmSync(directory, { recursive: true, force: true });
      }
    },
  );
});
