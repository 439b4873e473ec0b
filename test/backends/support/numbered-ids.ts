import { createHash } from "node:crypto";
import type { IdGenerator } from "@opentelemetry/sdk-trace-node";

/** The same ids in every run of a test, as spread as random ones. */
export const numberedIds = (): IdGenerator => {
  let traces = 0;
  let spans = 0;
  return {
    generateTraceId: () => digest(`trace ${(traces += 1)}`).slice(0, 32),
    generateSpanId: () => digest(`span ${(spans += 1)}`).slice(0, 16),
  };
};

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");
