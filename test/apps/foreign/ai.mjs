import { OpenTelemetry } from "@ai-sdk/otel";
import * as ai7 from "ai";
import { MockLanguageModelV4 } from "ai/test";
import * as ai6 from "ai-6";
import { MockLanguageModelV3 } from "ai-6/test";
import { inCase, provider } from "./telemetry.mjs";

/** Says a word, then nothing more until it is aborted. */
const stalling = ({ abortSignal }) =>
  new ReadableStream({
    start(parts) {
      parts.enqueue({ type: "stream-start", warnings: [] });
      parts.enqueue({ type: "text-start", id: "1" });
      parts.enqueue({ type: "text-delta", id: "1", delta: "hi" });
      abortSignal.addEventListener("abort", () => parts.error(abortSignal.reason));
    },
  });
const never = ({ abortSignal }) =>
  new Promise((_, reject) => {
    abortSignal.addEventListener("abort", () => reject(abortSignal.reason));
  });
const mock = { doStream: async (options) => ({ stream: stalling(options) }), doGenerate: never };

// AbortSignal.timeout() does not keep the process.
const alive = setInterval(() => {}, 1_000);

const SDKS = [
  ["6", ai6, new MockLanguageModelV3(mock), { experimental_telemetry: { isEnabled: true } }],
  ["7", ai7, new MockLanguageModelV4(mock), { telemetry: { integrations: new OpenTelemetry() } }],
];
for (const [major, { generateText, streamText }, model, telemetry] of SDKS) {
  const options = { model, prompt: "x", maxRetries: 0, ...telemetry };
  const abortSignal = () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    return controller.signal;
  };
  await inCase(`streamText ${major}, aborted`, async () => {
    const controller = new AbortController();
    const { textStream } = streamText({ ...options, abortSignal: controller.signal });
    for await (const _ of textStream) controller.abort();
  });
  await inCase(`generateText ${major}, aborted`, () =>
    generateText({ ...options, abortSignal: abortSignal() }),
  );
  await inCase(`generateText ${major}, timed out`, () =>
    generateText({ ...options, abortSignal: AbortSignal.timeout(20) }),
  );
}
clearInterval(alive);
await provider.shutdown();
