import type { Agent } from "node:http";
import { context, ROOT_CONTEXT } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import { loadNow } from "../load-now.ts";
import type { OtlpForm } from "../otlp-exporter.ts";

/**
 * An exporter like that of the pipeline, that holds no process which has nothing else to do: what it
 * has not sent then is left to the next start. What it sends is not traced.
 */
export function createRecoveryExporter(form: OtlpForm): SpanExporter {
  const exporter = form.create({ httpAgentOptions: unreferencedAgents() });
  unreferRetries(exporter);
  const untraced = suppressTracing(ROOT_CONTEXT);
  return {
    export: (spans, done) => context.with(untraced, () => exporter.export(spans, done)),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  };
}

/** Agents as the environment has them, with its certificates, whose sockets keep nothing alive. */
function unreferencedAgents(): (protocol: string) => Promise<Agent> {
  // Loaded by the exporter already, and read now, because applications change their environment.
  const { convertLegacyHttpOptions } = loadNow(
    "@opentelemetry/otlp-exporter-base/node-http",
  ) as typeof import("@opentelemetry/otlp-exporter-base/node-http");
  const { agentFactory } = convertLegacyHttpOptions({}, "TRACES", "v1/traces", {});
  return async (protocol) => unreferenced(await agentFactory(protocol));
}

function unreferenced(agent: Agent): Agent {
  const { createConnection, reuseSocket } = agent;
  agent.createConnection = function (this: Agent, ...args: Parameters<typeof createConnection>) {
    const socket = Reflect.apply(createConnection, this, args);
    // What is no socket, as another's agent may give, holds the process until it is answered.
    Object(socket).unref?.();
    return socket;
  };
  // Meant to be replaced; Node's own takes its listener off, and has the socket hold the process again.
  agent.reuseSocket = function (this: Agent, socket, request) {
    Reflect.apply(reuseSocket, this, [socket, request]);
    Object(socket).unref?.();
  };
  return agent;
}

/**
 * What waits to be tried again holds the process for as long as the exporter's timeout. Private in
 * the library, so only looked for.
 */
function unreferRetries(exporter: object): void {
  const { _delegate } = exporter as { _delegate?: { _transport?: RetryingTransport } };
  const transport = _delegate?._transport;
  const inner = transport?._transport;
  if (transport?.retry === undefined || inner === undefined) return;
  transport.retry = (data, timeoutMs, inMs) =>
    new Promise((resolve, reject) => {
      setTimeout(() => inner.send(data, timeoutMs).then(resolve, reject), inMs).unref();
    });
}

interface RetryingTransport {
  retry?: (data: Uint8Array, timeoutMs: number, inMs: number) => Promise<unknown>;
  readonly _transport?: {
    send(data: Uint8Array, timeoutMs: number): Promise<unknown>;
  };
}
