// What each cell has to export: the same on every line of the SDK and every version of Node.js.

const OURS = "@otel-lifecycle/api";
const internal = { kind: 1, status: "UNSET", scope: OURS };
const link = (to: string, type: string) => ({ to, attributes: { "lifecycle.link.type": type } });

const covering = (scopeKind: string, attributes: object) => ({
  "lifecycle.scope.kind": scopeKind,
  "lifecycle.action.result": "completed",
  "lifecycle.action.covered_run_count": 1,
  "lifecycle.action.interrupted_run_count": 1,
  "lifecycle.action.completed_run_count": 0,
  "lifecycle.action.failed_run_count": 0,
  "lifecycle.action.other_run_count": 0,
  "lifecycle.action.unsettled_run_count": 0,
  ...attributes,
});

const root = (name: string) => ({ name, parent: null, trace: `trace of ${name}` });

const action = (name: string, run: string, attributes: object) => ({
  ...root(name),
  ...internal,
  attributes: { "lifecycle.action.id": `id of ${name}`, ...attributes },
  links: [link(run, "interrupts")],
});

const interrupt = (name: string, by: string, run: string, attributes: object = {}) => ({
  name,
  parent: by,
  trace: `trace of ${by}`,
  ...internal,
  attributes: {
    "lifecycle.interrupt.duration": "seconds",
    "lifecycle.interrupt.result": "stopped",
    ...attributes,
  },
  links: [link(run, "interrupts")],
});

const cause = (by: string, kind: string, trigger: string) => ({
  "lifecycle.close.action.id": `id of ${by}`,
  "lifecycle.close.action.kind": kind,
  "lifecycle.close.action.trigger": trigger,
});

const closed = (by: string, close: object) => ({
  "lifecycle.run.result": "interrupted",
  "lifecycle.close.class": "lifecycle_action",
  "lifecycle.close.action.trace_id": `trace of ${by}`,
  "lifecycle.close.action.span_id": by,
  ...close,
});

const run = (id: string, attributes: object, links: object[]) => ({
  name: "agent run",
  parent: null,
  trace: `trace of ${id}`,
  ...internal,
  attributes: {
    "lifecycle.run.id": id,
    "lifecycle.scope.kind": "instance_store",
    ...attributes,
  },
  links,
});

const chat = (parent: string, attributes: object) => ({
  name: "chat model",
  parent,
  trace: `trace of ${parent}`,
  ...internal,
  scope: "host",
  attributes,
  links: [],
});

const DISPOSAL = "dispose_all instance_store";
const SHUTDOWN = "shutdown process";
const byDisposal = cause(DISPOSAL, "dispose_all", "http");
const byShutdown = cause(SHUTDOWN, "shutdown", "runtime");
const bySignal = cause(SHUTDOWN, "shutdown", "signal");

/** One run that completed, one that a dispose_all closed, one that was open at `provider.shutdown()`. */
export const CONSTRUCTOR_WAY = {
  done: run("done", { "lifecycle.run.result": "completed" }, []),
  [DISPOSAL]: action(
    DISPOSAL,
    "disposed",
    covering("instance_store", {
      "lifecycle.action.kind": "dispose_all",
      "lifecycle.action.trigger": "http",
      "lifecycle.action.operation": "POST /global/dispose",
    }),
  ),
  "interrupt disposed": interrupt("interrupt agent run", DISPOSAL, "disposed", {
    "lifecycle.run.id": "disposed",
  }),
  disposed: run(
    "disposed",
    closed(DISPOSAL, {
      ...byDisposal,
      "lifecycle.close.confidence": "high",
      "lifecycle.close.via": "error",
      "lifecycle.close.error.type": "AbortError",
      "lifecycle.interrupt.duration": "seconds",
    }),
    [link(DISPOSAL, "closed_by")],
  ),
  "chat model of disposed": chat("disposed", {}),
  [SHUTDOWN]: action(
    SHUTDOWN,
    "open",
    covering("process", {
      "lifecycle.action.kind": "shutdown",
      "lifecycle.action.trigger": "runtime",
      "lifecycle.action.operation": "TracerProvider.shutdown",
    }),
  ),
  "interrupt open": interrupt("interrupt agent run", SHUTDOWN, "open", {
    "lifecycle.run.id": "open",
  }),
  open: run(
    "open",
    closed(SHUTDOWN, {
      ...byShutdown,
      "lifecycle.close.confidence": "medium",
      "lifecycle.close.via": "shutdown",
    }),
    [link(SHUTDOWN, "closed_by")],
  ),
  "chat model of open": chat("open", {
    ...byShutdown,
    "lifecycle.close.inherited_class": "lifecycle_action",
  }),
};

/** A request that was in flight at the SIGTERM: a run without a line of code. */
export const DROP_IN = {
  [SHUTDOWN]: action(
    SHUTDOWN,
    "GET",
    covering("process", {
      "lifecycle.action.kind": "shutdown",
      "lifecycle.action.trigger": "signal",
      "lifecycle.action.signal": "SIGTERM",
    }),
  ),
  "interrupt GET of shutdown process": interrupt("interrupt GET", SHUTDOWN, "GET"),
  GET: {
    ...root("GET"),
    kind: 2,
    status: "UNSET",
    scope: "@opentelemetry/instrumentation-http",
    attributes: {
      "http.request.method": "GET",
      "url.path": "/open",
      "url.scheme": "http",
      "client.address": "127.0.0.1",
      "network.peer.address": "127.0.0.1",
      "network.peer.port": "a port",
      "network.protocol.version": "1.1",
      "server.address": "127.0.0.1",
      "server.port": "a port",
      "lifecycle.scope.kind": "process",
      ...closed(SHUTDOWN, {
        ...bySignal,
        "lifecycle.close.confidence": "medium",
        "lifecycle.close.via": "shutdown",
      }),
    },
    links: [link(SHUTDOWN, "closed_by")],
  },
};
