import type { JsonObject } from "../otlp/json-field.ts";
import type { LifecycleSpan } from "../otlp/lifecycle-span.ts";
import { parseLogs } from "../otlp/log-request.ts";
import { parseDecoded, parseRequest } from "../otlp/request.ts";
import type { Signal } from "../otlp/signal.ts";
import { type Refusal, refused } from "./answer.ts";
import { createKeptRequests, type KeptRequests } from "./kept-requests.ts";
import type { PartialSuccess } from "./message.ts";
import { notOtlp } from "./not-otlp.ts";
import type { ReceiverOptions } from "./receiver-options.ts";
import { createSpanStore } from "./span-store.ts";

/** What became of one body. */
export type Taken = { readonly type: "taken"; readonly partial: PartialSuccess } | Refusal;

/** A body that came to a signal's path: JSON as received, or what protobuf was decoded to. */
export interface Delivery {
  readonly signal: Signal;
  readonly request: string | JsonObject;
}

/** Takes the bodies of requests in and keeps what they hold. */
export interface Intake {
  readonly take: (delivery: Delivery) => Taken;
  readonly requests: Readonly<Record<Signal, Omit<KeptRequests, "keep">>>;
  readonly spans: () => readonly LifecycleSpan[];
}

const WHOLE: PartialSuccess = { rejectedSpans: 0, errorMessage: "" };

export function createIntake(options: ReceiverOptions): Intake {
  const { maxKeptCharacters = 2 ** 28, maxSpans = 1_000_000, onRequest } = options;
  const store = createSpanStore(maxSpans);
  // A bound for each: a flood of logs takes no room from traces.
  const requests = {
    traces: createKeptRequests(maxKeptCharacters),
    logs: createKeptRequests(maxKeptCharacters),
  };

  return { take, requests, spans: store.all };

  function take({ signal, request }: Delivery): Taken {
    return signal === "traces" ? takeTraces(request) : takeLogs(request);
  }

  function takeTraces(request: Delivery["request"]): Taken {
    const parsed = typeof request === "string" ? parseRequest(request) : parseDecoded(request);
    if (parsed.type === "other_signal") return refused(400, "this is another signal than traces");
    if (parsed.type === "not_otlp") return notOtlp("traces", parsed.reason);
    const failure = keep("traces", request);
    if (failure !== undefined) return failure;
    const leftOut = store.add(parsed.spans);
    const rejectedSpans = parsed.rejected + leftOut;
    const errorMessage =
      leftOut > 0 ? "this receiver is full" : "a span needs a trace id and a span id";
    return { type: "taken", partial: { rejectedSpans, errorMessage } };
  }

  /** Nothing is made of logs here: they are kept for whoever reads the incidents in them. */
  function takeLogs(request: Delivery["request"]): Taken {
    const parsed = parseLogs(request);
    if (parsed.type === "other_signal") return refused(400, "this is another signal than logs");
    if (parsed.type === "not_otlp") return notOtlp("logs", parsed.reason);
    return keep("logs", request) ?? { type: "taken", partial: WHOLE };
  }

  function keep(signal: Signal, request: Delivery["request"]): Refusal | undefined {
    const json = typeof request === "string" ? request : JSON.stringify(request);
    // Before anything is kept: after a 503 the same request comes again.
    try {
      onRequest?.(json, signal);
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      return refused(503, `the request could not be kept: ${failure}`);
    }
    requests[signal].keep(json);
    return undefined;
  }
}
