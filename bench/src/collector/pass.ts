import { Agent, request } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { type CollectorProcess, startCollectorProcess } from "./collector-process.ts";
import type { Load } from "./load.ts";
import { startSink } from "./sink.ts";

/** What a Collector took for a load. */
export interface Passage {
  /** From the first request until the last one had arrived at the backend. */
  readonly seconds: number;
  /** From the first request until the last one was answered: how long its senders were kept. */
  readonly answeredSeconds: number;
  /** CPU time of the Collector's process, until it has nothing left to do. */
  readonly cpuSeconds: number;
  /** The most memory that it held, in MiB. */
  readonly peakMiB: number;
  /** Spans that left it. */
  readonly delivered: number;
}

/** A configuration, and what it reads. */
export interface Side {
  readonly config: string;
  readonly env: Readonly<Record<string, string>>;
  /** Whether it decides traces, which it then does until the last is decided. */
  readonly samples: boolean;
}

const CONNECTIONS = 8;

/** Sends the whole load through a Collector that was started for it, as fast as it takes it. */
export const passThrough = async (side: Side, load: Load): Promise<Passage> => {
  const sink = await startSink();
  const collector = await startCollectorProcess(side.config, {
    ...side.env,
    LIFECYCLE_BACKEND: sink.url,
  });
  try {
    const before = collector.cpuSeconds();
    const start = performance.now();
    await sendAll(load.bodies, collector.url);
    const answered = performance.now();
    await untilQuiet(collector, side.samples ? load.traces : 0);
    return {
      seconds: (Math.max(answered, sink.lastArrival()) - start) / 1000,
      answeredSeconds: (answered - start) / 1000,
      cpuSeconds: collector.cpuSeconds() - before,
      peakMiB: collector.residentMiB(),
      delivered: await collector.metric("otelcol_exporter_sent_spans"),
    };
  } finally {
    await collector.stop();
    await sink.close();
  }
};

const sendAll = async (bodies: readonly Buffer[], url: string): Promise<void> => {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let next = 0;
  const sendInTurn = async (): Promise<void> => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) {
      await send(agent, url, body);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, sendInTurn));
  agent.destroy();
};

const send = (agent: Agent, url: string, body: Buffer): Promise<void> =>
  new Promise((resolve, reject) => {
    const headers = { "content-type": "application/x-protobuf", "content-length": body.length };
    const sent = request(`${url}/v1/traces`, { method: "POST", agent, headers }, (response) => {
      response.resume().on("end", resolve);
      if (response.statusCode !== 200) reject(new Error(`refused: ${response.statusCode}`));
    });
    sent.on("error", reject).end(body);
  });

/** Every trace decided, the queues empty, and nothing sent any more. */
const untilQuiet = async (collector: CollectorProcess, traces: number): Promise<void> => {
  let sent = -1;
  for (;;) {
    const [decided, queued, now] = await Promise.all([
      collector.metric("otelcol_processor_tail_sampling_global_count_traces_sampled"),
      collector.metric("otelcol_exporter_queue_size"),
      collector.metric("otelcol_exporter_sent_spans"),
    ]);
    if (decided >= traces && queued === 0 && now === sent && now > 0) return;
    sent = now;
    // Longer than batches wait; the questions themselves cost a millisecond each.
    await delay(400);
  }
};
