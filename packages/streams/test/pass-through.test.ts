import { observeStream, observeTool, type StreamFormat } from "@otel-lifecycle/streams";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { brokenOff, listeningRun, streamOf } from "./support/recorded.ts";
import { REPLIES, STEPS, traceOf } from "./support/scripted.ts";

const script = fc.record({
  methods: fc.subarray(["return", "throw"] as const),
  replies: fc.array(fc.constantFrom(...REPLIES), { maxLength: 8 }),
});
const steps = fc.array(fc.constantFrom(...STEPS), { maxLength: 10 });

const looking: StreamFormat<unknown> = (note) => ({
  read: () => note("provider_progress"),
  endedEarly: () => true,
});
const throwing: StreamFormat<unknown> = () => ({
  read: () => {
    throw new Error("unreadable");
  },
  endedEarly: () => {
    throw new Error("unreadable");
  },
});
const unmade: StreamFormat<unknown> = () => {
  throw new Error("no reader");
};
const deaf = {
  evidence: () => {
    throw new Error("deaf");
  },
};

describe("an observed stream and the one that is observed cannot be told apart", () => {
  const cases = [
    ["by a format that reads", listeningRun(), looking],
    ["by a format that throws", listeningRun(), throwing],
    ["by a format that cannot begin", listeningRun(), unmade],
    ["for a run that throws", deaf, looking],
    ["for a run that throws, by a format that does", deaf, throwing],
  ] as const;
  test.each(cases)("%s: any script of the source, any steps of the consumer", (_, run, format) =>
    fc.assert(
      fc.asyncProperty(script, steps, async (script, steps) => {
        const raw = await traceOf(script, steps, (source) => source);
        const observed = await traceOf(script, steps, (source) =>
          observeStream(run, source, format),
        );
        expect(observed).toStrictEqual(raw);
      }),
      { numRuns: 400 },
    ),
  );
});

describe("a stream that nobody begins", () => {
  test("is not touched", () => {
    const untouchable = new Proxy({} as AsyncIterable<unknown>, {
      get: () => {
        throw new Error("touched");
      },
    });
    const run = listeningRun();
    observeStream(run, untouchable, looking);
    expect(run.told).toEqual([]);
  });

  test("and is let go of has been no attempt", async () => {
    const run = listeningRun();
    const iterator = observeStream(run, streamOf([1]), looking)[Symbol.asyncIterator]();
    await iterator.return?.();
    expect(run.told).toEqual([]);
  });
});

describe("a loop that is left", () => {
  test("lets go of a generator", async () => {
    let isReleased = false;
    async function* source() {
      try {
        yield 1;
        yield 2;
      } finally {
        isReleased = true;
      }
    }
    for await (const _ of observeStream(listeningRun(), source(), looking)) break;
    expect(isReleased).toBe(true);
  });

  test("cancels a ReadableStream, and unlocks it", async () => {
    const reasons: unknown[] = [];
    const stream = new ReadableStream<number>({
      pull: (parts) => parts.enqueue(1),
      cancel: (reason) => {
        reasons.push(reason);
      },
    });
    for await (const _ of observeStream(listeningRun(), stream, looking)) break;
    expect({ reasons, locked: stream.locked }).toEqual({ reasons: [undefined], locked: false });
  });

  test.each([
    ["return", undefined],
    ["throw", brokenOff()],
  ] as const)(
    "by `%s` is the consumer's end of it, whatever it is asked then",
    async (way, error) => {
      const run = listeningRun();
      const iterator = observeStream(run, streamOf([1, 2]), looking)[Symbol.asyncIterator]();
      await iterator.next();
      await iterator[way]?.(error).catch(() => undefined);
      await iterator.next();
      expect(run.told).toEqual([["attempt_started"], ["provider_progress", { source: undefined }]]);
    },
  );

  test("is the consumer's end of it, of which nothing is told", async () => {
    const run = listeningRun();
    for await (const _ of observeStream(run, streamOf([1, 2]), looking)) break;
    expect(run.told).toEqual([["attempt_started"], ["provider_progress", { source: undefined }]]);
  });
});

test("a ReadableStream is pulled no further than its consumer asks", async () => {
  const pulledAt = async (through: (stream: ReadableStream<number>) => AsyncIterable<number>) => {
    const pulled: number[] = [];
    let pulls = 0;
    const stream = new ReadableStream<number>(
      { pull: (parts) => parts.enqueue((pulls += 1)) },
      { highWaterMark: 0 },
    );
    for await (const part of through(stream)) {
      pulled.push(pulls);
      if (part === 3) break;
    }
    return pulled;
  };
  const observed = await pulledAt((stream) => observeStream(listeningRun(), stream, looking));
  expect(observed).toEqual([1, 2, 3]);
  expect(observed).toEqual(await pulledAt((stream) => stream));
});

test("a rejection that nobody handles is reported once, as it would be without", async () => {
  const reported: unknown[] = [];
  const report = (error: unknown) => reported.push(error);
  const listeners = process.rawListeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection").on("unhandledRejection", report);
  const error = brokenOff();
  observeStream(listeningRun(), streamOf([], { error }), looking)[Symbol.asyncIterator]().next();
  const execute = observeTool(listeningRun(), { name: "search" }, () => Promise.reject(error));
  execute();
  await new Promise((yes) => setImmediate(yes));
  process.removeListener("unhandledRejection", report);
  for (const one of listeners) process.on("unhandledRejection", one as () => void);
  expect(reported).toEqual([error, error]);
});
