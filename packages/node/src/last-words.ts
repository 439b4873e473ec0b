import { spawnSync } from "node:child_process";
import { basename } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { LastWords } from "./last-words-process.ts";
import { loadNow } from "./load-now.ts";

/** Sends spans before it returns, within `limitMs`; false if that could not be done. */
export type SendNow = (batches: readonly ReadableSpan[][], limitMs: number) => boolean;

/**
 * Makes a sender for when the event loop does not turn any more. A short-lived process of its own
 * sends, with the library's own transport; what is secret reaches it by environment and stdin,
 * because anybody can read arguments.
 */
export function createLastWords(contentType: string): SendNow {
  // Taken now, because the exporter read it now, and applications change theirs.
  const settings = Object.entries(process.env).filter(([name]) => name.startsWith("OTEL_"));
  return (batches, limitMs) => {
    if (!isNode()) return false;
    // Loaded by the exporter already.
    const { JsonTraceSerializer, ProtobufTraceSerializer } = loadNow(
      "@opentelemetry/otlp-transformer",
    ) as typeof import("@opentelemetry/otlp-transformer");
    const { serializeRequest } =
      contentType === "application/json" ? JsonTraceSerializer : ProtobufTraceSerializer;
    // 0 would be no limit at all.
    const timeout = Math.max(Math.floor(limitMs), 1);
    const requests = batches.flatMap((batch) => serializeRequest(batch) ?? []);
    const words: LastWords = {
      contentType,
      timeoutMillis: timeout,
      lengths: requests.map((request) => request.byteLength),
    };
    const { status } = spawnSync(process.execPath, [PROGRAM], {
      input: Buffer.concat([Buffer.from(`${JSON.stringify(words)}\n`), ...requests]),
      env: { ...environment(), ...Object.fromEntries(settings) },
      stdio: ["pipe", "ignore", "ignore"],
      timeout,
      killSignal: "SIGKILL",
      windowsHide: true,
    });
    return status === 0;
  };
}

// Of a desktop application, or one that is a single executable, it would start a second one.
const isNode = (): boolean =>
  process.versions["electron"] === undefined && /^node/i.test(basename(process.execPath));

const PROGRAM = fileURLToPath(new URL("./last-words-process.js", import.meta.url));

/** Without what would load us, or a debugger, into the sender again, or give it the host's channel. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS, NODE_CHANNEL_FD, NODE_CHANNEL_SERIALIZATION_MODE, ...rest } = process.env;
  // What came since is none of the exporter's settings.
  return Object.fromEntries(Object.entries(rest).filter(([name]) => !name.startsWith("OTEL_")));
}
