// The program that last-words.ts starts. Its exit status is 0 if everything was acknowledged.
import { readFileSync } from "node:fs";
import {
  convertLegacyHttpOptions,
  createOtlpHttpExportDelegate,
} from "@opentelemetry/otlp-exporter-base/node-http";

/** The first line of its input; the requests follow, as long as it says. */
export interface LastWords {
  readonly contentType: string;
  readonly timeoutMillis: number;
  readonly lengths: readonly number[];
}

// A Ctrl+C reaches the whole group; the process that waits for this one is dying already.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => {});

const input = readFileSync(0);
const head = input.indexOf("\n");
const words = JSON.parse(input.subarray(0, head).toString()) as LastWords;

process.exitCode = 1;
const results = await Promise.all(requests().map(send));
if (results.every((isSent) => isSent)) process.exitCode = 0;

function requests(): readonly Uint8Array[] {
  let end = head + 1;
  return words.lengths.map((length) => input.subarray(end, (end += length)));
}

function send(request: Uint8Array): Promise<boolean> {
  const delegate = createOtlpHttpExportDelegate<Uint8Array, object>(
    convertLegacyHttpOptions(
      { timeoutMillis: words.timeoutMillis, keepAlive: false },
      "TRACES",
      "v1/traces",
      { "Content-Type": words.contentType },
    ),
    { serializeRequest: (bytes) => bytes, deserializeResponse: () => ({}) },
    "otlp_http_span_exporter",
    { name: "span", countItems: () => 0 },
    undefined,
  );
  return new Promise((resolve) => delegate.export(request, ({ code }) => resolve(code === 0)));
}
