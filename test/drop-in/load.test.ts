import { expect, test } from "vitest";
import { inPool } from "../../packages/node/test/shutdown/pool.ts";
import type { OtlpSpan } from "../support/otlp-span.ts";
import { type Fate, type Start, type Terminated, terminateUnderLoad } from "./busy-process.ts";

const SERVER = 2;
const PROTOCOLS = ["http/protobuf", "http/json"] as const;

// Ten endings: by the signal itself, and after a grace with process.exit(0).
const starts: readonly Start[] = [1, 2, 3, 4, 5].flatMap((round) =>
  [{}, { graceMs: 300 }].map((ending, index) => ({
    ...ending,
    protocol: PROTOCOLS[(round + index) % 2] ?? "http/json",
  })),
);

test("terminated ten times with 300 requests open, every request that was accepted is in the account, once, with what became of it (rules 16, 17, 19, 20)", async () => {
  const told = await inPool(starts, 2, async (start) => {
    const terminated = await terminateUnderLoad(start);
    const spans = withoutRepeats(terminated.spans);
    const breaches = breachesOf(start, { ...terminated, spans });
    return { start, ...accountOf({ ...terminated, spans }), breaches };
  });
  expect(told).toEqual(
    starts.map((start) => ({
      start,
      ending: start.graceMs === undefined ? [null, "SIGTERM"] : [0, null],
      stderr: "",
      actions: ["shutdown signal SIGTERM completed"],
      uncounted: 0,
      breaches: [],
    })),
  );
}, 120_000);

/**
 * At the very end nobody can read the answer to what is under way any more, so it is sent again: the
 * same spans, by their ids, of which every account takes one.
 */
const withoutRepeats = (spans: readonly OtlpSpan[]): readonly OtlpSpan[] => [
  ...new Map(spans.map((span) => [span.spanId, span])).values(),
];

/** How it ended, and whether what the shutdown counts is what arrived. */
const accountOf = ({ code, signal, stderr, spans }: Terminated) => {
  const actions = spans.filter(({ attributes }) => "lifecycle.action.kind" in attributes);
  const [action] = actions;
  const count = (name: string) => Number(action?.attributes[`lifecycle.action.${name}_run_count`]);
  const parts = ["interrupted", "completed", "failed", "other", "unsettled"].map(count);
  const interrupts = spans.filter(({ name }) => name.startsWith("interrupt ")).length;
  return {
    ending: [code, signal],
    stderr,
    actions: actions.map(({ attributes }) =>
      ["kind", "trigger", "signal", "result"]
        .map((name) => attributes[`lifecycle.action.${name}`])
        .join(" "),
    ),
    uncounted:
      Math.abs(count("covered") - parts.reduce((sum, part) => sum + part, 0)) +
      Math.abs(count("interrupted") - interrupts),
  };
};

/** What is missing, is there twice, or says anything but what the server saw. */
const breachesOf = (start: Start, { before, after, spans }: Terminated): readonly string[] => {
  const verdicts = new Map<string, string>();
  const twice: string[] = [];
  for (const span of spans.filter(({ kind }) => kind === SERVER)) {
    const path = String(span.attributes["url.path"]);
    if (verdicts.has(path)) twice.push(`${path} is there twice`);
    verdicts.set(path, verdictOf(span));
  }
  const unknown = [...verdicts.keys()].filter((path) => !after.has(path));
  const wrong = [...after].flatMap(([path, fate]) => {
    const verdict = verdicts.get(path) ?? "missing";
    const allowed = before.get(path) === fate ? BEFORE[fate] : afterwards(start)[fate];
    return allowed.includes(verdict) ? [] : [`${path}, ${fate}, is ${verdict}`];
  });
  return [...twice, ...unknown.map((path) => `${path} was never accepted`), ...wrong];
};

const verdictOf = ({ attributes }: OtlpSpan): string =>
  ["run.result", "close.class", "close.action.kind", "close.action.trigger"]
    .flatMap((name) => attributes[`lifecycle.${name}`] ?? [])
    .join(" ");

const COMPLETED = "completed";
const LEFT = "interrupted client_disconnect";
const SHUT_DOWN = "interrupted lifecycle_action shutdown signal";

type Allowed = Readonly<Record<Fate, readonly string[]>>;

/** Of requests of which the server had written the last word before the signal was sent. */
const BEFORE: Allowed = { finished: [COMPLETED], left: [LEFT], accepted: [SHUT_DOWN] };

/** Of the others. */
const afterwards = ({ graceMs }: Start): Allowed => ({
  // Without a grace the process goes on for no longer than it takes to send what it ended.
  finished: graceMs === undefined ? [COMPLETED, SHUT_DOWN] : [COMPLETED],
  // Whether the signal was there when the client left is known to nobody outside.
  left: [LEFT, SHUT_DOWN],
  accepted: [SHUT_DOWN],
});
