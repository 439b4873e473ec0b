// What each cell has to export of what it lost: the same on every line of the SDK and every version of Node.js.

const OURS = "@otel-lifecycle/api";
const ACTION = "dispose_all instance_store";
const ROOT = "GET /orders";

const root = (label: string, name: string) => ({
  name,
  parent: null,
  trace: `trace of ${label}`,
  kind: 1,
});

const lost = (close: object) => ({
  "lifecycle.run.result": "lost",
  "lifecycle.run.recovered": true,
  "lifecycle.close.via": "journal",
  "lifecycle.loss.reason": "unknown",
  "error.type": "process_lost",
  ...close,
});

const BY_NOBODY = lost({
  "lifecycle.scope.kind": "process",
  "lifecycle.close.class": "process_lost",
  "lifecycle.close.confidence": "high",
});

const BY_THE_ACTION = lost({
  "lifecycle.scope.kind": "instance_store",
  "lifecycle.close.class": "lifecycle_action",
  "lifecycle.close.confidence": "medium",
  "lifecycle.close.action.id": `id of ${ACTION}`,
  "lifecycle.close.action.kind": "dispose_all",
  "lifecycle.close.action.trigger": "http",
  "lifecycle.close.action.trace_id": `trace of ${ACTION}`,
  "lifecycle.close.action.span_id": ACTION,
});

const link = (to: string, type: string) => ({ to, attributes: { "lifecycle.link.type": type } });

/** One run that was disposed of, one that nobody had asked, and a root span that nobody told us of. */
export const LOST: object = {
  disposed: {
    ...root("disposed", "agent run"),
    scope: OURS,
    status: "ERROR",
    attributes: { "lifecycle.run.id": "disposed", ...BY_THE_ACTION },
    links: [link(ACTION, "closed_by")],
  },
  lost: {
    ...root("lost", "agent run"),
    scope: OURS,
    status: "ERROR",
    attributes: { "lifecycle.run.id": "lost", ...BY_NOBODY },
    links: [],
  },
  [ROOT]: {
    ...root(ROOT, ROOT),
    scope: "host",
    status: "ERROR",
    attributes: { list: ["a", "b"], half: 0.5, ...BY_NOBODY },
    links: [],
  },
  [ACTION]: {
    ...root(ACTION, ACTION),
    scope: OURS,
    status: "UNSET",
    attributes: {
      "lifecycle.scope.kind": "instance_store",
      "lifecycle.action.id": `id of ${ACTION}`,
      "lifecycle.action.kind": "dispose_all",
      "lifecycle.action.trigger": "http",
      "lifecycle.action.operation": "POST /global/dispose",
      "lifecycle.action.result": "unsettled",
      "lifecycle.action.unsettled_run_count": 1,
    },
    links: [link("disposed", "interrupts")],
  },
};
