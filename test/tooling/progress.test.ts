import { PassThrough } from "node:stream";
import { beforeEach, expect, test, vi } from "vitest";
import { showProgress } from "../../scripts/backends/progress.mjs";

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

test("in a log every step is a line, and every 10 s another says what still goes on", () => {
  const { out, written } = screen({ isTTY: false });
  const progress = showProgress(out);
  progress.step("otelcol", "fetching modules");
  vi.advanceTimersByTime(9_999);
  expect(written()).toBe("backends: otelcol: fetching modules\n");
  vi.advanceTimersByTime(1);
  progress.step("jaeger", "compiling");
  progress.step("otelcol", "compiling");
  vi.advanceTimersByTime(10_000);
  expect(progress.end("jaeger")).toBe(10);
  vi.advanceTimersByTime(10_000);
  progress.stop();
  vi.advanceTimersByTime(60_000);
  expect(written().split("\n")).toEqual([
    "backends: otelcol: fetching modules",
    "backends: otelcol: fetching modules, 10 s",
    "backends: jaeger: compiling",
    "backends: otelcol: compiling",
    "backends: otelcol: compiling, 20 s · jaeger: compiling, 10 s",
    "backends: otelcol: compiling, 30 s",
    "",
  ]);
});

test("on a terminal one line is drawn anew each second, never wider than the terminal", () => {
  const { out, written } = screen({ isTTY: true, columns: 40 });
  const progress = showProgress(out);
  progress.step("otelcol", "compiling");
  vi.advanceTimersByTime(1_000);
  progress.step("jaeger", "compiling");
  progress.say("said");
  progress.stop();
  expect(written().split("\r\u001b[K")).toEqual([
    "",
    "backends: otelcol: compiling, 0 s",
    "backends: otelcol: compiling, 1 s",
    "backends: otelcol: compiling, 1 s · jae",
    "backends: said\n",
    "",
  ]);
});

/** What stands for the screen, and what was written to it. */
const screen = (like: { readonly isTTY: boolean; readonly columns?: number }) => {
  const stream = new PassThrough({ encoding: "utf8" });
  const out = Object.assign(stream, like) as unknown as NodeJS.WriteStream;
  let text = "";
  const written = (): string => {
    text += stream.read() ?? "";
    return text;
  };
  return { out, written };
};
