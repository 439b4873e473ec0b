import fc from "fast-check";
import { expect, test } from "vitest";
import { BOUNDS, type Bounds } from "../../src/backend/bounds.ts";
import { createLeftOut } from "../../src/backend/left-out.ts";
import type { Question } from "../../src/backend/question.ts";
import { storyOf } from "../../src/backend/story.ts";
import type { LifecycleSpan } from "../../src/index.ts";
import { actionId, type Forest, forests, rootOf, runId, SERVICES, TRACES } from "./forest.ts";
import { type StoredSpansOptions, storedSpan, storedSpans, traceIdOf } from "./stored-spans.ts";

const WHOLE = { fromMs: 0, toMs: TRACES * 2000 };

/** What a question gives, and how the backend was asked. */
async function ask(
  stored: Omit<StoredSpansOptions, "shortestWindowMs"> & Partial<StoredSpansOptions>,
  question: Partial<Question> & Pick<Question, "about">,
  bounds: Partial<Bounds> = {},
) {
  const { backend, requests } = storedSpans({ shortestWindowMs: 1, ...stored });
  const leftOut = createLeftOut("Jaeger");
  const spans = await storyOf(
    backend,
    { services: SERVICES, window: WHOLE, ...question },
    { bounds: { ...BOUNDS, ...bounds }, leftOut, widest: WHOLE, onProgress: () => undefined },
  );
  return { ids: idsOf(spans), requests, leftOut: leftOut.sentences() };
}

function idsOf(spans: readonly LifecycleSpan[]): readonly string[] {
  return spans
    .map(({ attributes }) =>
      String(attributes.get("lifecycle.action.id") ?? attributes.get("lifecycle.run.id")),
    )
    .sort();
}

/** The actions of one tree and the runs that they closed. */
function treeOf({ actions, runs }: Forest, action: number): readonly string[] {
  const root = (at: number): number => rootOf(at, (child) => actions[child]?.parent);
  return [
    ...actions.flatMap((_, at) => (root(at) === root(action) ? [actionId(at)] : [])),
    ...runs.flatMap(({ closer }, at) =>
      closer !== undefined && root(closer) === root(action) ? [runId(at)] : [],
    ),
  ].sort();
}

const paging = fc.record({
  tracesPerPage: fc.integer({ min: 2, max: 5 }),
  shortestWindowMs: fc.constantFrom(1, 1000),
  searchesAllServices: fc.boolean(),
});

test("whatever the paging, an action gives its tree and all runs that it closed, each span once", async () => {
  await fc.assert(
    fc.asyncProperty(forests, paging, fc.nat(5), async (forest, pages, action) => {
      fc.pre(action < forest.actions.length);
      const about = { type: "action", id: actionId(action) } as const;
      const { ids, requests, leftOut } = await ask({ ...forest, ...pages }, { about });
      expect(ids).toEqual(treeOf(forest, action));
      expect(leftOut).toEqual([]);
      expect(requests).toEqual([...new Set(requests)]);
    }),
  );
});

test("whatever the paging, a run gives what its action's tree gives, and by itself if no action closed it", async () => {
  await fc.assert(
    fc.asyncProperty(forests, paging, fc.nat(11), async (forest, pages, run) => {
      fc.pre(run < forest.runs.length);
      const about = { type: "run", id: runId(run) } as const;
      const { ids, requests, leftOut } = await ask({ ...forest, ...pages }, { about });
      const closer = forest.runs[run]?.closer;
      expect(ids).toEqual(closer === undefined ? [runId(run)] : treeOf(forest, closer));
      expect(leftOut).toEqual([]);
      expect(requests).toEqual([...new Set(requests)]);
    }),
  );
});

test("whatever the paging, a time gives all that began in it, each span once", async () => {
  await fc.assert(
    fc.asyncProperty(forests, paging, async (forest, pages) => {
      const { ids, requests, leftOut } = await ask(
        { ...forest, ...pages },
        { about: { type: "all" } },
      );
      expect(ids).toEqual(idsOf(forest.spans));
      expect(leftOut).toEqual([]);
      expect(requests).toEqual([...new Set(requests)]);
    }),
  );
});

const LATELY = { fromMs: 10_000, toMs: 20_000 };

test("a run that began before the time is found by the action in it that closed it", async () => {
  const spans = [
    storedSpan({ trace: 0, span: 1, atMs: 1000 }, "web", {
      "lifecycle.run.id": "long",
      "lifecycle.run.result": "interrupted",
      "lifecycle.close.action.id": "a",
    }),
    storedSpan({ trace: 1, span: 2, atMs: 15_000 }, "web", {
      "lifecycle.action.id": "a",
      "lifecycle.action.result": "completed",
      "lifecycle.action.covered_run_count": 1,
      "lifecycle.action.interrupted_run_count": 1,
    }),
    storedSpan({ trace: 2, span: 3, atMs: 1000 }, "web", {
      "lifecycle.run.id": "earlier",
      "lifecycle.run.result": "completed",
    }),
  ];
  const stored = { spans, tracesPerPage: 100, searchesAllServices: false };
  const { ids } = await ask(stored, { about: { type: "all" }, window: LATELY });
  expect(ids).toEqual(["a", "long"]);
});

test("an action in a service that nobody named is found by its trace, and then all that it closed there", async () => {
  const closed = (run: string, trace: number, service: string) =>
    storedSpan({ trace, span: trace + 1, atMs: trace }, service, {
      "lifecycle.run.id": run,
      "lifecycle.run.result": "interrupted",
      "lifecycle.close.action.id": "a",
      "lifecycle.close.action.trace_id": traceIdOf(3),
    });
  const action = storedSpan({ trace: 3, span: 9, atMs: 3 }, "supervisor", {
    "lifecycle.action.id": "a",
    "lifecycle.action.result": "completed",
  });
  const spans = [
    closed("r1", 0, "web"),
    closed("r2", 1, "web"),
    closed("r3", 2, "supervisor"),
    action,
  ];
  const stored = { spans, tracesPerPage: 100, searchesAllServices: false };
  const about = { type: "run", id: "r1" } as const;
  expect((await ask(stored, { about, services: ["web"] })).ids).toEqual(["a", "r1", "r2", "r3"]);
});

test("a run that its action did not count is found with the others", async () => {
  const closed = (run: string, trace: number) =>
    storedSpan({ trace, span: trace + 1, atMs: trace }, "web", {
      "lifecycle.run.id": run,
      "lifecycle.run.result": "interrupted",
      "lifecycle.close.action.id": "a",
      "lifecycle.close.action.trace_id": traceIdOf(3),
    });
  const action = storedSpan({ trace: 3, span: 9, atMs: 3 }, "web", {
    "lifecycle.action.id": "a",
    "lifecycle.action.result": "completed",
    "lifecycle.action.covered_run_count": 1,
    "lifecycle.action.interrupted_run_count": 1,
  });
  const spans = [closed("r1", 0), closed("r2", 1), action];
  const stored = { spans, tracesPerPage: 100, searchesAllServices: false };
  expect((await ask(stored, { about: { type: "run", id: "r1" } })).ids).toEqual(["a", "r1", "r2"]);
});

test.each([
  ["an id of 64 characters", "b".repeat(64), 3],
  ["one of 65", "b".repeat(65), 0],
  ["one of other signs", '"} || true', 0],
])(
  "an action's parent with %s is searched for as far as it can be one",
  async (_, parent, times) => {
    const action = storedSpan({ trace: 0, span: 1, atMs: 0 }, "web", {
      "lifecycle.action.id": "a",
      "lifecycle.action.parent_id": parent,
      "lifecycle.action.result": "completed",
    });
    const stored = { spans: [action], tracesPerPage: 100, searchesAllServices: true };
    const { requests } = await ask(stored, { about: { type: "action", id: "a" }, services: [] });
    const named = requests.filter((request) => request.includes(JSON.stringify(parent)));
    expect(named.length).toBe(times);
  },
);

test("a service with an endless name is not searched in", async () => {
  const run = storedSpan({ trace: 0, span: 1, atMs: 0 }, "s".repeat(256), {
    "lifecycle.run.id": "r",
    "lifecycle.run.result": "interrupted",
    "lifecycle.close.action.id": "a",
    "lifecycle.close.action.trace_id": traceIdOf(7),
  });
  const other = storedSpan({ trace: 0, span: 2, atMs: 0 }, "s".repeat(255), {
    "lifecycle.run.id": "r2",
    "lifecycle.run.result": "interrupted",
    "lifecycle.close.action.id": "a",
  });
  const stored = { spans: [run, other], tracesPerPage: 100, searchesAllServices: false };
  const { requests } = await ask(stored, {
    about: { type: "run", id: "r2" },
    services: ["s".repeat(255)],
  });
  expect(requests.some((request) => request.includes("s".repeat(255)))).toBe(true);
  expect(requests.some((request) => request.includes("s".repeat(256)))).toBe(false);
});

test("a run is found by its trace's id too, with what inherited its class there and no other run", async () => {
  const spans = [
    storedSpan({ trace: 0, span: 1, atMs: 0 }, "web", {
      "lifecycle.run.result": "interrupted",
      "lifecycle.close.class": "user_cancel",
      "lifecycle.run.id": "unnamed",
    }),
    storedSpan({ trace: 0, span: 2, atMs: 0 }, "web", {
      "lifecycle.run.id": "child",
      "lifecycle.close.inherited_class": "user_cancel",
    }),
    storedSpan({ trace: 0, span: 3, atMs: 0 }, "web", {
      "lifecycle.run.id": "other",
      "lifecycle.close.inherited_class": "timeout",
    }),
  ];
  const stored = { spans, tracesPerPage: 100, searchesAllServices: true };
  const about = { type: "run", id: traceIdOf(0) } as const;
  expect((await ask(stored, { about, services: [] })).ids).toEqual(["child", "unnamed"]);
});

test("actions that are their own parents, or one another's, come to an end", async () => {
  const nested = (id: string, parent: string, span: number) =>
    storedSpan({ trace: span, span, atMs: span }, "web", {
      "lifecycle.action.id": id,
      "lifecycle.action.parent_id": parent,
      "lifecycle.action.root_id": id,
      "lifecycle.action.result": "completed",
    });
  const spans = [nested("a", "a", 1), nested("b", "c", 2), nested("c", "b", 3)];
  const stored = { spans, tracesPerPage: 100, searchesAllServices: false };
  expect((await ask(stored, { about: { type: "action", id: "a" } })).ids).toEqual(["a"]);
  expect((await ask(stored, { about: { type: "action", id: "b" } })).ids).toEqual(["b", "c"]);
  expect((await ask(stored, { about: { type: "all" } })).ids).toEqual(["a", "b", "c"]);
});

/** Runs of as many traces, all at one moment unless said otherwise. */
function manyRuns(count: number, atMs: (at: number) => number = () => 0): readonly LifecycleSpan[] {
  return Array.from({ length: count }, (_, at) =>
    storedSpan({ trace: at, span: at + 1, atMs: atMs(at) }, "web", {
      "lifecycle.run.id": `r${at}`,
      "lifecycle.run.result": "interrupted",
    }),
  );
}

const ALL = { about: { type: "all" }, services: ["web"] } as const;

test.each([
  [3, []],
  [
    4,
    [
      "Jaeger: more than 10000 traces: what began first is left out, a shorter --since gives all of less",
    ],
  ],
])(
  "of %i traces the last three are fetched where three are the bound",
  async (count, sentences) => {
    const spans = manyRuns(count, (at) => at * 2000);
    const stored = { spans, tracesPerPage: 2, searchesAllServices: false };
    const { ids, requests, leftOut } = await ask(stored, ALL, { traces: 3 });
    expect(ids).toEqual(["r0", "r1", "r2", "r3"].slice(count - 3, count));
    expect(requests.filter((request) => request.startsWith("trace")).length).toBe(3);
    expect(leftOut).toEqual(sentences);
  },
);

test("what began at one moment and is more than an answer holds is told", async () => {
  const stored = { spans: manyRuns(5), tracesPerPage: 2, searchesAllServices: false };
  const { ids, leftOut } = await ask(stored, ALL);
  expect(ids).toEqual(["r0", "r1"]);
  expect(leftOut).toEqual([
    "Jaeger: once more traces began at one moment than one answer holds, and the rest of them is left out",
  ]);
});

test.each([
  [
    "spans",
    1,
    4,
    "more than 1000000 spans with lifecycle.* attributes: further traces are left out",
  ],
  [
    "searches",
    2,
    0,
    "more than 2000 searches: what they would have found is left out, a shorter --since needs fewer",
  ],
  ["bytes", 0, 0, "more than 1 GiB of answers: what would have followed is left out"],
] as const)(
  "a bound on %s ends it with what there is, and is told",
  async (bound, most, fetched, sentence) => {
    const spans = manyRuns(9, (at) => at * 2000);
    const stored = { spans, tracesPerPage: 2, searchesAllServices: false };
    const { requests, ids, leftOut } = await ask(stored, ALL, { [bound]: most });
    // The four that were under way when the bound was met.
    expect(requests.filter((request) => request.startsWith("trace")).length).toBe(fetched);
    expect(ids.length).toBe(fetched);
    expect(leftOut).toEqual([`Jaeger: ${sentence}`]);
  },
);

test("a backend whose answers are always full is asked no more often than the bound", async () => {
  const { backend, requests } = storedSpans({
    spans: [],
    tracesPerPage: 0,
    searchesAllServices: true,
    shortestWindowMs: 1,
  });
  const leftOut = createLeftOut("Jaeger");
  const question = { about: { type: "all" }, services: [], window: WHOLE } as const;
  const options = {
    bounds: { ...BOUNDS, searches: 50 },
    leftOut,
    widest: WHOLE,
    onProgress: () => undefined,
  };
  expect(await storyOf(backend, question, options)).toEqual([]);
  expect(requests.length).toBe(50);
});

test("of as many services as actions no more pairs are made than may be searched for", async () => {
  const spans = Array.from({ length: 2000 }, (_, at) =>
    storedSpan({ trace: 0, span: at + 1, atMs: 0 }, `service-${at}`, {
      "lifecycle.run.id": `r${at}`,
      "lifecycle.run.result": "interrupted",
      "lifecycle.close.action.id": `a${at}`,
    }),
  );
  const stored = { spans, tracesPerPage: 100, searchesAllServices: false };
  const asked = { about: { type: "all" }, services: ["service-0"] } as const;
  const { ids, requests, leftOut } = await ask(stored, asked, { searches: 50 });
  expect(ids.length).toBe(2000);
  expect(requests.filter((request) => request.startsWith("find")).length).toBe(50);
  expect(leftOut).toEqual([
    "Jaeger: more than 2000 searches: what they would have found is left out, a shorter --since needs fewer",
  ]);
});

test("a chain of actions that leads from trace to trace for ever is followed so far", async () => {
  const chain = Array.from({ length: 9 }, (_, at) =>
    storedSpan({ trace: at, span: at + 1, atMs: at }, "web", {
      "lifecycle.action.id": `a${at}`,
      "lifecycle.action.parent_id": `a${at + 1}`,
      "lifecycle.action.result": "completed",
    }),
  );
  const stored = { spans: chain, tracesPerPage: 100, searchesAllServices: false };
  const about = { type: "action", id: "a0" } as const;
  const { ids, leftOut } = await ask(stored, { about }, { rounds: 3 });
  expect(ids).toEqual(["a0", "a1", "a2", "a3"]);
  expect(leftOut).toEqual([
    "Jaeger: more than 64 steps from action to action: what comes then is left out",
  ]);
});

test("a trace that is named and not there is told", async () => {
  const spans = [
    storedSpan({ trace: 0, span: 1, atMs: 0 }, "web", {
      "lifecycle.run.id": "r",
      "lifecycle.run.result": "interrupted",
      "lifecycle.close.action.id": "a",
      "lifecycle.close.action.trace_id": traceIdOf(7),
    }),
  ];
  const stored = { spans, tracesPerPage: 100, searchesAllServices: false };
  const { ids, leftOut } = await ask(stored, { about: { type: "run", id: "r" } });
  expect(ids).toEqual(["r"]);
  expect(leftOut).toEqual(["Jaeger: traces that are named and are not there, or not any more: 1"]);
});
