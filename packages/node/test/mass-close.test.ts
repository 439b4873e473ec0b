import { afterEach, describe, expect, test } from "vitest";
import { type OtlpSpan, spansOf } from "../../../test/support/otlp-span.ts";
import { type ProgramOptions, runPlain } from "./shutdown/program.ts";
import { type Collector, type CollectorOptions, startCollector } from "./support/collector.ts";
import { type Endpoint, startEndpoint } from "./support/endpoint.ts";

const execArgv = ["--import", new URL("../dist/register.js", import.meta.url).href];
/** What 10,000 runs, a span below each, and the action that closes them all make. */
const ARRIVED = { runs: 10_000, below: 10_000, interrupts: 1000, actions: 1, spans: 21_001 };
const COUNTED = { covered: 10_000, interrupted: 10_000 };
const TERMINATED = { code: null, signal: "SIGTERM", stdout: "" };
const EXITED = { code: 3, signal: null, stdout: "" };
// A second is what it takes; the default of three is little on a machine that does six things more.
const PATIENT = { OTEL_LIFECYCLE_SHUTDOWN_TIMEOUT: "30000" };

let open: Collector | Endpoint | undefined;
afterEach(() => open?.close());

/** How an endpoint answers, and what the process is told. */
interface Cell {
  readonly collector?: CollectorOptions;
  readonly env?: NodeJS.ProcessEnv;
}

const close = async (ending: string, { collector = {}, env = {} }: Cell) => {
  const endpoint = await startCollector(collector);
  open = endpoint;
  const ended = await closeAt(endpoint.url, { args: [ending], env });
  return { ended, ...toldOf(spansOf(endpoint.bodies)) };
};

const closeAt = (url: string, { args = [], env = {} }: ProgramOptions) => {
  const target = { OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" };
  return runPlain("mass-close", { args, execArgv, env: { ...target, ...env } });
};

const toldOf = (spans: readonly OtlpSpan[]) => {
  const actions = spans.filter(({ attributes }) => "lifecycle.action.kind" in attributes);
  const id = actions[0]?.attributes["lifecycle.action.id"];
  const named = (name: string) => spans.filter((span) => span.name === name);
  const closed = (name: string) =>
    named(name).filter(({ attributes }) => attributes["lifecycle.close.action.id"] === id).length;
  const count = (name: string) => actions[0]?.attributes[`lifecycle.action.${name}_run_count`];
  return {
    arrived: {
      runs: closed("agent run"),
      below: closed("chat"),
      interrupts: named("interrupt agent run").length,
      actions: actions.length,
      // Each once.
      spans: spans.length === new Set(spans.map(({ spanId }) => spanId)).size ? spans.length : 0,
    },
    counted: { covered: count("covered"), interrupted: count("interrupted") },
  };
};

describe("10,000 runs and their action, closed in one tick, arrive complete (rules 8 and 21)", () => {
  test.each<[string, Cell]>([
    ["at once", {}],
    [
      "each batch after 300 ms",
      { collector: { delayMs: 300 }, env: { OTEL_BSP_MAX_EXPORT_BATCH_SIZE: "4096" } },
    ],
    ["after it was busy", { collector: { refused: 3 } }],
  ])(
    "at an endpoint that answers %s",
    async (_answers, cell) => {
      expect(await close("dispose_all", cell)).toEqual({
        ended: { code: 0, signal: null, stdout: "" },
        arrived: ARRIVED,
        counted: COUNTED,
      });
    },
    60_000,
  );
});

describe("10,000 runs in flight when the process ends", () => {
  test.each([
    ["SIGTERM", TERMINATED],
    ["process.exit", EXITED],
  ])(
    "arrive complete after %s (rule 20)",
    async (ending, ended) => {
      expect(await close(ending, { env: PATIENT })).toEqual({
        ended,
        arrived: ARRIVED,
        counted: COUNTED,
      });
    },
    60_000,
  );

  test("arrive complete through a queue that holds a tenth of it (rule 21)", async () => {
    const env = { ...PATIENT, OTEL_BSP_MAX_QUEUE_SIZE: "2048" };
    expect(await close("SIGTERM", { env })).toEqual({
      ended: TERMINATED,
      arrived: ARRIVED,
      counted: COUNTED,
    });
  }, 60_000);

  test.each([
    ["SIGTERM", TERMINATED],
    ["process.exit", EXITED],
  ])(
    "hold it no longer than the limit after %s where nobody answers (rule 20)",
    async (ending, ended) => {
      open = await startEndpoint({ isSilent: true });
      // An exporter alone would wait for longer than a test may last.
      const env = { OTEL_EXPORTER_OTLP_TIMEOUT: "600000" };
      expect(await closeAt(open.url, { args: [ending], env })).toEqual(ended);
    },
  );
});
