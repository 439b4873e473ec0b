import type { JsonObject } from "../otlp/json-field.ts";
import type { LifecycleSpan } from "../otlp/lifecycle-span.ts";
import { parseDecoded, parseRequest } from "../otlp/request.ts";
import { type Refusal, refused } from "./answer.ts";
import type { PartialSuccess } from "./message.ts";
import type { ReceiverOptions } from "./receiver-options.ts";
import { createSpanStore } from "./span-store.ts";

/** What became of one body. */
export type Taken = { readonly type: "taken"; readonly partial: PartialSuccess } | Refusal;

/** Takes the bodies of requests in and keeps what they hold. */
export interface Intake {
  /** Is given JSON as received, or what protobuf was decoded to. */
  readonly take: (request: string | JsonObject) => Taken;
  readonly requests: readonly string[];
  readonly requestsLeftOut: () => number;
  readonly spans: () => readonly LifecycleSpan[];
}

export function createIntake(options: ReceiverOptions): Intake {
  const { maxKeptCharacters = 2 ** 28, maxSpans = 1_000_000, onRequest } = options;
  const store = createSpanStore(maxSpans);
  const requests: string[] = [];
  let keptCharacters = 0;
  let requestsLeftOut = 0;

  return { take, requests, requestsLeftOut: () => requestsLeftOut, spans: store.all };

  function take(request: string | JsonObject): Taken {
    const parsed = typeof request === "string" ? parseRequest(request) : parseDecoded(request);
    if (parsed.type === "other_signal") return refused(400, "this is another signal than traces");
    if (parsed.type === "not_otlp")
      return refused(400, `not an OTLP trace request: ${parsed.reason}`);
    const json = typeof request === "string" ? request : JSON.stringify(request);
    // Before anything is kept: after a 503 the same request comes again.
    const failure = tell(json);
    if (failure !== undefined) return refused(503, `the request could not be kept: ${failure}`);
    keep(json);
    const leftOut = store.add(parsed.spans);
    const rejectedSpans = parsed.rejected + leftOut;
    const errorMessage =
      leftOut > 0 ? "this receiver is full" : "a span needs a trace id and a span id";
    return { type: "taken", partial: { rejectedSpans, errorMessage } };
  }

  function tell(json: string): string | undefined {
    try {
      onRequest?.(json);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  function keep(json: string): void {
    if (keptCharacters + json.length > maxKeptCharacters) {
      requestsLeftOut += 1;
      return;
    }
    keptCharacters += json.length;
    requests.push(json);
  }
}
