import { type Span, SpanStatusCode, trace } from "@opentelemetry/api";
import {
  type Action,
  createScope,
  directoryScope,
  type Run,
  type RunSettings,
  startAction,
  startRun,
  userCancel,
  withAction,
} from "@otel-lifecycle/api";

/** Private texts that the driven application works with. */
export const CANARIES = {
  directory: "canary-directory",
  prompt: "canary-prompt in a run's id",
  "tool input": "canary-tool-input",
  "error message": "canary-error-message",
  "abort reason": "canary-abort-reason",
};

const scope = directoryScope(createScope({ kind: "instance_store" }), "/srv/canary-directory");
const begin = (options: RunSettings & { readonly name?: string } = {}) =>
  startRun({ name: "agent run", scope, ...options });
const adopt = (): { readonly span: Span; readonly run: Run } => {
  const span = trace.getTracer("host").startSpan("invoke_agent planner");
  return { span, run: startRun({ span, scope }) };
};
const dispose = (rest: object = {}): Action =>
  startAction({ kind: "dispose", scope, trigger: "http", ...rest });
const failure = (fields: object): Error =>
  Object.assign(new Error(CANARIES["error message"]), fields);

/** The closes that need no time: each begins a run of its own, and ends it. */
const CLOSES: readonly (() => void)[] = [
  () => begin().end(),
  () => begin({ id: "r1" }).end(),
  () => begin({ id: CANARIES.prompt }).end(),
  // By an action: its reason, another error, none, not asked, from its code, by its reason elsewhere.
  () => {
    const run = begin();
    const below = run.with(() => trace.getTracer("host").startSpan("model"));
    const action = dispose();
    below.end();
    run.fail(run.signal.reason);
    action.end();
  },
  () => {
    const run = begin();
    const action = dispose({ kind: "archive", initiator: "user" });
    run.fail(failure({ code: "ECONNRESET" }));
    action.end();
  },
  () => {
    const run = begin();
    run.signal.addEventListener("abort", () => run.end());
    dispose({ trigger: "signal", signal: "SIGTERM" }).end();
  },
  () => {
    const run = begin();
    const action = dispose({ interrupt: "record" });
    run.fail(failure({ name: "AbortError" }));
    action.end();
  },
  () => {
    const controller = new AbortController();
    const run = begin({ signal: controller.signal });
    withAction({ kind: "reload", scope: createScope({ kind: "instance" }) }, () => {
      controller.abort(CANARIES["abort reason"]);
    });
    run.fail(controller.signal.reason);
  },
  () => {
    const [first, controller] = [begin(), new AbortController()];
    const action = dispose();
    const second = begin({ signal: controller.signal, scope: createScope({ kind: "instance" }) });
    controller.abort(first.signal.reason);
    second.fail(second.signal.reason);
    first.fail(first.signal.reason);
    action.end();
  },
  // By the user.
  () => {
    const run = begin();
    run.cancel();
    run.fail(run.signal.reason);
  },
  () => {
    const run = begin({ signal: AbortSignal.abort(userCancel()) });
    run.fail(run.signal.reason);
  },
  // By time, by its provider, by itself, by nobody known.
  () => begin().fail(new DOMException(CANARIES["error message"], "TimeoutError")),
  () => begin().fail(new Error("fetch failed", { cause: failure({ code: "UND_ERR_SOCKET" }) })),
  () => begin().fail(new TypeError(CANARIES["error message"])),
  () => begin().fail(CANARIES["error message"]),
  () => begin().fail(failure({ name: `/srv/${CANARIES.directory}` })),
  () => begin().fail(failure({ name: "AbortError" })),
  () => {
    const run = begin({ signal: AbortSignal.abort(CANARIES["abort reason"]) });
    run.fail(run.signal.reason);
  },
  // Spans of another instrumentation.
  () => adopt().span.end(),
  () => adopt().span.setStatus({ code: SpanStatusCode.ERROR }).end(),
  () => {
    const { span, run } = adopt();
    run.fail(failure({ name: "RateLimitError" }));
    span.end();
  },
  // An action that throws, with an origin and a kind that may not leave the process.
  () => {
    const options = {
      kind: CANARIES["tool input"],
      scope,
      operation: `/srv/${CANARIES.directory}`,
    };
    try {
      withAction(options, () => {
        throw failure({ name: "RangeError" });
      });
    } catch {
      // The host's own to handle.
    }
  },
  // A run inside a run.
  () => {
    const outer = begin();
    const inner = outer.with(() => startRun({ name: "tool run" }));
    const action = dispose();
    const nested = action.with(() => dispose({ trigger: "runtime" }));
    inner.fail(inner.signal.reason);
    outer.fail(outer.signal.reason);
    nested.end();
    action.end();
  },
];

/** A deadline passes, as a failure and as an interruption, and an action waits in vain. */
const passTime = async (): Promise<void> => {
  for (const timeoutResult of ["failed", "interrupted"] as const) {
    const run = begin({ timeoutMs: 1, timeoutResult });
    await new Promise((resolve) => run.signal.addEventListener("abort", resolve, { once: true }));
    run.fail(run.signal.reason);
  }
  const stuck = begin({ id: "stuck" });
  const action = dispose({ settleTimeoutMs: 1 });
  action.end();
  // Its timer keeps no process alive, and nothing else does here.
  const awake = setInterval(() => undefined, 1);
  await action.settled;
  clearInterval(awake);
  stuck.end();
};

/** One of every kind of close, and one run that is left open for the shutdown. */
export const closeEveryWay = async (): Promise<void> => {
  for (const close of CLOSES) close();
  await passTime();
  begin({ name: "left open" });
};
