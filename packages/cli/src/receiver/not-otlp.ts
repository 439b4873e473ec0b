import type { Signal } from "../otlp/signal.ts";
import { type Refusal, refused } from "./answer.ts";

const REQUESTS: Readonly<Record<Signal, string>> = {
  traces: "trace request",
  logs: "logs request",
};

/** The answer to a body that is no request of the signal whose path it came to. */
export function notOtlp(signal: Signal, reason: string): Refusal {
  return refused(400, `not an OTLP ${REQUESTS[signal]}: ${reason}`);
}
