import { onTestFinished } from "vitest";
import { startReceiver } from "why-closed";
import { type WholeSpan, wholeSpansOf } from "./whole-span.ts";

/** Where a Collector delivers: a real OTLP receiver that keeps everything. */
export interface Backend {
  readonly url: string;
  readonly port: number;
  /** What has arrived so far; a span that came twice is there twice. */
  readonly spans: () => readonly WholeSpan[];
  /** Goes away, as in an outage. */
  readonly close: () => Promise<void>;
}

/** Starts one, on a free port unless it is to come back where one was before. */
export const startBackend = async (port = 0): Promise<Backend> => {
  const receiver = await startReceiver({ port });
  onTestFinished(() => receiver.close());
  return {
    url: receiver.url,
    port: receiver.port,
    spans: () => wholeSpansOf(receiver.requests),
    close: () => receiver.close(),
  };
};
