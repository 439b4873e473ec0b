import { startRun } from "@otel-lifecycle/api";
import { observeStream, openAiChatChunks, type StreamFormat } from "@otel-lifecycle/streams";
import { describe, expect, test } from "vitest";
import { brokenOff, listeningRun, streamOf, toldOf } from "./support/recorded.ts";

const text = { choices: [{ delta: { content: "a" } }] };
const BEGUN = [["attempt_started"], ["stream_opened"], ["provider_progress"]];

const drained = async (stream: AsyncIterable<unknown>) => {
  for await (const _ of stream);
};

describe("attempts", () => {
  test("each iteration is one of its own", async () => {
    const run = listeningRun();
    const stream = { [Symbol.asyncIterator]: () => streamOf(["[DONE]" as const]) };
    const observed = observeStream(run, stream, openAiChatChunks);
    await drained(observed);
    await drained(observed);
    const once = [["attempt_started"], ["stream_completed"]];
    expect(run.told).toEqual([...once, ...once]);
  });

  test("one that the application has begun is not begun again", async () => {
    const run = listeningRun();
    const given = { attempt: "given" } as const;
    await drained(observeStream(run, streamOf(["[DONE]" as const]), openAiChatChunks, given));
    expect(run.told).toEqual([["stream_completed"]]);
  });
});

describe("a stream that ends early", () => {
  // As the clients of OpenAI and Anthropic end theirs when they are aborted.
  const abortedStream = (aborted: boolean) => {
    const controller = new AbortController();
    if (aborted) controller.abort();
    return Object.assign(streamOf([text]), { controller });
  };

  test("was cut", async () => {
    const run = listeningRun();
    await drained(observeStream(run, abortedStream(false), openAiChatChunks));
    expect(run.told).toEqual([...BEGUN, ["text_output_started"], ["transport_failure"]]);
  });

  test("because it was aborted on this side was not", async () => {
    const run = listeningRun();
    await drained(observeStream(run, abortedStream(true), openAiChatChunks));
    expect(run.told).toEqual([...BEGUN, ["text_output_started"]]);
  });

  test("with an error is told of once", async () => {
    const error = brokenOff();
    expect(await toldOf(openAiChatChunks, [text], { error })).toEqual([
      ...BEGUN,
      ["text_output_started"],
      ["transport_failure", { error }],
    ]);
  });
});

describe("what cannot be read", () => {
  const unreadable = {
    get choices(): never {
      throw new RangeError("unreadable");
    },
  };

  test("ends the reading of that stream, not the stream, and is told", async () => {
    const error = brokenOff();
    expect(await toldOf(openAiChatChunks, [text, unreadable, text], { error })).toEqual([
      ...BEGUN,
      ["text_output_started"],
      ["stream_reading_failed", { error: new RangeError("unreadable") }],
      ["transport_failure", { error }],
    ]);
  });

  test("proves no early end", async () => {
    expect(await toldOf(openAiChatChunks, [unreadable])).toEqual([
      ["attempt_started"],
      ["stream_opened"],
      ["stream_reading_failed", { error: new RangeError("unreadable") }],
    ]);
  });

  test("is as little harm where the format cannot begin", async () => {
    const error = new RangeError("no reader");
    const format: StreamFormat<unknown> = () => {
      throw error;
    };
    expect(await toldOf(format, [1])).toEqual([
      ["stream_reading_failed", { error }],
      ["attempt_started"],
    ]);
  });
});

test("a run that has ended is told nothing, and its stream goes on", async () => {
  const run = startRun({ name: "agent run" });
  run.end();
  const passed: unknown[] = [];
  for await (const part of observeStream(run, streamOf([text]), openAiChatChunks))
    passed.push(part);
  expect(passed).toEqual([text]);
});

test("20,000 deltas are told of with one and the same object", async () => {
  const facts = new Set<unknown>();
  const run = { evidence: (_type: string, fact: unknown) => facts.add(fact) };
  const deltas = Array.from({ length: 20_000 }, () => text);
  await drained(observeStream(run, streamOf(deltas), openAiChatChunks));
  expect(facts.size).toBe(1);
});
