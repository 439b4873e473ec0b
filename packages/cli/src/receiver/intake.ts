import type { LifecycleSpan } from "../otlp/lifecycle-span.ts";
import { parseRequest } from "../otlp/request.ts";
import { type Refusal, refused } from "./answer.ts";
import type { ReceiverOptions } from "./receiver-options.ts";
import { createSpanStore } from "./span-store.ts";

/** What became of one body. */
export type Taken =
  | { readonly type: "taken"; readonly rejectedSpans: number; readonly reason: string }
  | Refusal;

/** Takes the bodies of requests in and keeps what they hold. */
export interface Intake {
  readonly take: (json: string) => Taken;
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

  function take(json: string): Taken {
    const parsed = parseRequest(json);
    if (parsed.type === "other_signal") return refused(400, "this is another signal than traces");
    if (parsed.type === "not_otlp")
      return refused(400, `not an OTLP trace request: ${parsed.reason}`);
    // Before anything is kept: after a 503 the same request comes again.
    const failure = tell(json);
    if (failure !== undefined) return refused(503, `the request could not be kept: ${failure}`);
    keep(json);
    const leftOut = store.add(parsed.spans);
    const reason = leftOut > 0 ? "this receiver is full" : "a span needs a trace id and a span id";
    return { type: "taken", rejectedSpans: parsed.rejected + leftOut, reason };
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
