import { type JsonSpan, spanOf } from "./otlp-json.ts";

/** A number from 0 up to, not including, 1; the same row of them for the same seed (mulberry32). */
export const randomNumbers = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
};

const KINDS: readonly Readonly<Record<string, string>>[] = [
  { "lifecycle.run.result": "interrupted", "lifecycle.close.class": "lifecycle_action" },
  { "lifecycle.run.result": "failed", "lifecycle.close.class": "error" },
  { "lifecycle.action.id": "a1", "lifecycle.action.kind": "reload" },
  { "lifecycle.interrupt.result": "stopped" },
  { "lifecycle.close.inherited_class": "user_cancel" },
  { "lifecycle.run.result": "completed" },
  {},
  {},
  {},
];

/** So many traces of up to eight spans of any kind, cut into requests in any order. */
export const randomRequests = (
  random: () => number,
  traces: number,
): readonly (readonly JsonSpan[])[] => {
  const spans: JsonSpan[] = [];
  for (let trace = 1; trace <= traces; trace += 1) {
    const traceId = idOf(trace, 16) + idOf(Math.floor(random() * 2 ** 32), 16);
    for (let count = Math.ceil(random() * 8); count > 0; count -= 1) {
      const attributes = KINDS[Math.floor(random() * KINDS.length)];
      const number = spans.length + 1;
      const span = spanOf(number, random() * 100, attributes);
      spans.push({ ...span, traceId, spanId: idOf(number, 16) });
    }
  }
  const mixed = spans.map((span) => ({ span, at: random() })).sort((one, two) => one.at - two.at);
  const requests: JsonSpan[][] = [];
  while (mixed.length > 0) {
    const size = Math.ceil(random() * 12);
    requests.push(mixed.splice(0, size).map(({ span }) => span));
  }
  return requests;
};

const idOf = (number: number, digits: number): string => number.toString(16).padStart(digits, "0");
