import { expect, test, vi } from "vitest";
import { createProgressLine } from "../../src/command/progress-line.ts";

/** What a terminal, or what is none, was written. */
function screen(isTTY: boolean) {
  const written: string[] = [];
  const write = (text: string): boolean => written.push(text) > 0;
  // Of a stream nothing else is used.
  return { written, stream: { isTTY, write } as unknown as NodeJS.WriteStream };
}

function tracesText({ fetched, found }: { fetched: number; found: number }): string {
  return `Jaeger: ${fetched} of ${found} traces`;
}

test("one line of a terminal is drawn again, not more often than ten times a second, and cleared", () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  const { stream, written } = screen(true);
  const line = createProgressLine(stream, tracesText);
  line.clear();
  line.show({ fetched: 0, found: 7 });
  vi.advanceTimersByTime(99);
  line.show({ fetched: 1, found: 7 });
  vi.advanceTimersByTime(1);
  line.show({ fetched: 2, found: 7 });
  line.clear();
  line.clear();
  vi.useRealTimers();
  expect(written).toEqual([
    "\r\u001b[2KJaeger: 0 of 7 traces",
    "\r\u001b[2KJaeger: 2 of 7 traces",
    "\r\u001b[2K",
  ]);
});

test("what is no terminal stays quiet", () => {
  const { stream, written } = screen(false);
  const line = createProgressLine(stream, tracesText);
  line.show({ fetched: 0, found: 7 });
  line.clear();
  expect(written).toEqual([]);
});
