/** The runs that the dispose_all interrupts. */
export const STREAMS = ["d1r1", "d1r2", "d2r1", "d2r2", "d3r1", "d3r2"];
export const ROOT = "dispose_all instance_store";
const OURS = "@otel-lifecycle/api";
// Runs that are no stream were in the first directory.
const place = (id: string) => ({
  "lifecycle.scope.kind": "directory",
  "lifecycle.scope.key": `directory ${/^d(\d)/.exec(id)?.[1] ?? 1}`,
});

const counts = (covered: number, rest: Readonly<Record<string, number>> = {}) => ({
  "lifecycle.action.covered_run_count": covered,
  "lifecycle.action.interrupted_run_count": rest["interrupted"] ?? 0,
  "lifecycle.action.completed_run_count": rest["completed"] ?? 0,
  "lifecycle.action.failed_run_count": 0,
  "lifecycle.action.other_run_count": rest["other"] ?? 0,
  "lifecycle.action.unsettled_run_count": 0,
});

const cause = {
  "lifecycle.close.action.id": `id of ${ROOT}`,
  "lifecycle.close.action.kind": "dispose_all",
  "lifecycle.close.action.trigger": "http",
};
const inherited = { ...cause, "lifecycle.close.inherited_class": "lifecycle_action" };
const link = (to: string, type: string) => ({ to, attributes: { "lifecycle.link.type": type } });

const root = {
  [ROOT]: {
    name: ROOT,
    parent: "POST /global/dispose",
    trace: "trace of POST /global/dispose",
    kind: 1,
    status: "UNSET",
    scope: OURS,
    attributes: {
      "lifecycle.scope.kind": "instance_store",
      "lifecycle.action.id": `id of ${ROOT}`,
      "lifecycle.action.kind": "dispose_all",
      "lifecycle.action.trigger": "http",
      "lifecycle.action.operation": "POST /global/dispose",
      "lifecycle.initiator.type": "user",
      "lifecycle.action.result": "completed",
      ...counts(8, { interrupted: 6, completed: 1, other: 1 }),
    },
    links: STREAMS.map((id) => link(id, "interrupts")),
  },
};

const nested = (number: number, count: object) => ({
  [`dispose directory directory ${number}`]: {
    name: "dispose directory",
    parent: ROOT,
    trace: "trace of POST /global/dispose",
    kind: 1,
    status: "UNSET",
    scope: OURS,
    attributes: {
      ...place(`d${number}`),
      "lifecycle.action.id": `id of dispose directory directory ${number}`,
      "lifecycle.action.kind": "dispose",
      "lifecycle.action.parent_id": `id of ${ROOT}`,
      "lifecycle.action.root_id": `id of ${ROOT}`,
      "lifecycle.action.trigger": "runtime",
      "lifecycle.action.operation": "Instance.dispose",
      "lifecycle.action.result": "completed",
      ...count,
    },
    links: [],
  },
});

// The request is a local root that left its place to the run, and inherits its close (rule 18).
const leftToRoot = (attributes: Readonly<Record<string, unknown>>) => {
  const closeClass = attributes["lifecycle.close.class"];
  if (closeClass === "lifecycle_action") return inherited;
  return closeClass === undefined ? {} : { "lifecycle.close.inherited_class": closeClass };
};

const run = (id: string, attributes: Record<string, unknown>, rest: object = {}) => ({
  [id]: {
    name: "agent run",
    parent: `POST ${id}`,
    trace: `trace of POST ${id}`,
    kind: 1,
    status: "UNSET",
    scope: OURS,
    attributes: { ...place(id), "lifecycle.run.id": id, ...attributes },
    links: [],
    ...rest,
  },
  ...host(`POST ${id}`, null, leftToRoot(attributes), { kind: 2, trace: `trace of POST ${id}` }),
});

const host = (label: string, parent: string | null, attributes: object, rest: object) => ({
  [label]: {
    name: label.replace(/ of .*/, ""),
    parent,
    kind: 1,
    status: "UNSET",
    scope: "host",
    attributes,
    links: [],
    ...rest,
  },
});

const stream = (id: string) => {
  const trace = { trace: `trace of POST ${id}` };
  return {
    ...run(
      id,
      {
        ...cause,
        "lifecycle.run.result": "interrupted",
        "lifecycle.close.class": "lifecycle_action",
        "lifecycle.close.confidence": "high",
        "lifecycle.close.via": "error",
        "lifecycle.close.error.type": "AbortError",
        "lifecycle.close.action.trace_id": "trace of POST /global/dispose",
        "lifecycle.close.action.span_id": ROOT,
        "lifecycle.interrupt.duration": "seconds",
      },
      { links: [link(ROOT, "closed_by")] },
    ),
    [`interrupt ${id}`]: {
      name: "interrupt agent run",
      parent: ROOT,
      trace: "trace of POST /global/dispose",
      kind: 1,
      status: "UNSET",
      scope: OURS,
      attributes: {
        "lifecycle.run.id": id,
        "lifecycle.interrupt.duration": "seconds",
        "lifecycle.interrupt.result": "stopped",
      },
      links: [link(id, "interrupts")],
    },
    ...host(`tool of ${id}`, id, {}, trace),
    ...host(`model of ${id}`, id, inherited, trace),
    ...host(`request of model of ${id}`, `model of ${id}`, inherited, trace),
    ...host(`clean-up of ${id}`, id, {}, trace),
  };
};

const completed = { "lifecycle.run.result": "completed" };
const inProcess = { "lifecycle.scope.kind": "process" };
const http = { trace: "trace of POST /global/dispose" };

/** What the receiver gets of `disposeThreeDirectories`, whole. */
export const EXPECTED = {
  // A run of its own, without a line of code (rule 16).
  ...host("POST /global/dispose", null, { ...completed, ...inProcess }, http),
  ...root,
  ...nested(1, counts(4, { completed: 1, other: 3 })),
  ...nested(2, counts(2, { other: 2 })),
  ...nested(3, counts(2, { other: 2 })),
  ...Object.assign({}, ...STREAMS.map(stream)),
  ...run("done", { "lifecycle.run.result": "completed" }),
  ...run(
    "failed",
    {
      "lifecycle.run.result": "failed",
      "lifecycle.close.class": "error",
      "lifecycle.close.confidence": "high",
      "lifecycle.close.via": "error",
      "error.type": "TypeError",
    },
    { status: "ERROR" },
  ),
  ...run("cancelled", {
    "lifecycle.run.result": "interrupted",
    "lifecycle.close.class": "user_cancel",
    "lifecycle.close.confidence": "high",
    "lifecycle.close.via": "api",
    "lifecycle.close.error.type": "AbortError",
    "lifecycle.interrupt.duration": "seconds",
  }),
  ...run("deaf", { "lifecycle.run.result": "completed" }),
  ...host("model of deaf", "deaf", inherited, { trace: "trace of POST deaf" }),
};
