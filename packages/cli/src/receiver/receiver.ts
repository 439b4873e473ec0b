import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { type Account, accountOf } from "../account/account.ts";
import type { LifecycleSpan } from "../otlp/lifecycle-span.ts";
import { accept, refuse, refused } from "./answer.ts";
import { answerBroken } from "./broken-connection.ts";
import { createBytesInFlight } from "./bytes-in-flight.ts";
import { type Format, formatOf } from "./format.ts";
import { createIntake } from "./intake.ts";
import { listen, stopListening } from "./listening.ts";
import type { ReceiverOptions } from "./receiver-options.ts";
import { readBody } from "./request-body.ts";
import { judgeHead } from "./request-head.ts";

/** A running OTLP/HTTP receiver for traces, and for the logs in which incidents come. */
export interface Receiver {
  /** Its address without a path, as `OTEL_EXPORTER_OTLP_ENDPOINT` takes it. */
  readonly url: string;
  readonly port: number;
  /** The accepted bodies of traces in JSON: as received, decompressed, or what protobuf says in it. */
  readonly requests: readonly string[];
  /** How many accepted bodies are not in `requests`, because they found no room. */
  readonly requestsLeftOut: number;
  /** The same of logs. */
  readonly logRequests: readonly string[];
  /** How many accepted bodies are not in `logRequests`, because they found no room. */
  readonly logRequestsLeftOut: number;
  /** The received spans with `lifecycle.*` attributes, each once. */
  readonly spans: readonly LifecycleSpan[];
  /** The account of all spans so far. */
  readonly account: () => Account;
  /** Frees the port; a request that is under way has a second to arrive. Safe to call twice. */
  readonly close: () => Promise<void>;
}

/**
 * Starts a receiver of OTLP/HTTP traces and logs in protobuf and in JSON, plain or in gzip. Rejects
 * with Node's own error if it cannot listen, `EADDRINUSE` for one.
 */
export function startReceiver(options: ReceiverOptions = {}): Promise<Receiver> {
  return startSharedReceiver(options, () => false);
}

/** Answers what is not for the receiver, and says whether it did. */
export type Visit = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A receiver whose port serves something else too: `visit` is asked first about each request. */
export async function startSharedReceiver(
  options: ReceiverOptions,
  visit: Visit,
): Promise<Receiver> {
  const {
    port = 4318,
    host = "127.0.0.1",
    maxBodyBytes = 2 ** 24,
    maxBytesInFlight = 2 ** 26,
    requestTimeoutMs = 30_000,
  } = options;
  const intake = createIntake(options);
  const bytesInFlight = createBytesInFlight(Math.max(maxBytesInFlight, maxBodyBytes));
  const server = createServer({
    requestTimeout: requestTimeoutMs,
    headersTimeout: Math.min(10_000, requestTimeoutMs),
    // Node looks for late requests this often; with its default of 30 s they would have twice the time.
    connectionsCheckingInterval: Math.min(1000, requestTimeoutMs),
  });
  server.on("request", receive);
  // `curl` asks before it sends more than a megabyte; a refusal then saves the sending.
  server.on("checkContinue", receive);
  const formats = new WeakMap<Duplex, Format | undefined>();
  server.on("clientError", (error, socket) =>
    answerBroken({ error, socket, format: formats.get(socket) }),
  );
  const address = await listen(server, port, host);
  let closing: Promise<void> | undefined;

  return {
    url: `http://${address.family === "IPv6" ? `[${address.address}]` : address.address}:${address.port}`,
    port: address.port,
    requests: intake.requests.traces.all,
    get requestsLeftOut() {
      return intake.requests.traces.leftOut();
    },
    logRequests: intake.requests.logs.all,
    get logRequestsLeftOut() {
      return intake.requests.logs.leftOut();
    },
    get spans() {
      return intake.spans();
    },
    account: () => accountOf(intake.spans()),
    close: () => (closing ??= stopListening(server)),
  };

  function receive(request: IncomingMessage, response: ServerResponse): void {
    formats.set(request.socket, formatOf(request));
    answer(request, response).catch(() =>
      refuse(request, response, refused(500, "the receiver failed")),
    );
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (visit(request, response)) return;
    const head = judgeHead(request, maxBodyBytes);
    if (head.type === "refused") return refuse(request, response, head);
    if (request.headers.expect !== undefined) response.writeContinue();
    const share = bytesInFlight.enter();
    // Not when the response closes: one that is pipelined behind another may never be opened.
    try {
      const body = await readBody(request, head, { maxBodyBytes, share });
      if (body.type === "gone") return;
      const taken =
        body.type === "whole" ? intake.take({ signal: head.signal, request: body.request }) : body;
      if (taken.type === "refused") return refuse(request, response, taken);
      accept(response, taken.partial);
    } finally {
      share.leave();
    }
  }
}
