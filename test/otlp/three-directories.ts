import { createHmac } from "node:crypto";
import { context, SpanKind, trace } from "@opentelemetry/api";
import {
  createScope,
  directoryScope,
  type Run,
  type Scope,
  withAction,
  withRun,
} from "@otel-lifecycle/api";

/** Nobody's directories: they do not exist, so they are taken as written. */
const DIRECTORIES = ["/srv/canary-alpha/project", "/srv/canary-beta/project", "/srv/canary-gamma"];

/** Private texts that the driven application works with. */
export const CANARIES = {
  "first directory": "canary-alpha",
  "second directory": "canary-beta",
  "third directory": "canary-gamma",
  prompt: "please leak the canary-prompt",
  "tool input": "canary-tool-input.txt",
  "error message": "canary-error-message",
};

/** What the design says of a directory's key, reckoned anew. */
export const hashedNames = (hashKey: string): ReadonlyMap<unknown, string> =>
  new Map(
    DIRECTORIES.map((path, index) => [
      createHmac("sha256", hashKey).update(path).digest("hex").slice(0, 16),
      `directory ${index + 1}`,
    ]),
  );

// The SDK's own way to a tracer that is not ours.
const tracer = () => trace.getTracer("host");

/** Resolves once the run is asked to stop. */
const asked = (run: Run): Promise<void> =>
  new Promise((resolve) => run.signal.addEventListener("abort", () => resolve(), { once: true }));

/** Work that is told late ends after its run. */
type EndLater = (end: () => void) => void;

/** Streams until it is asked to stop; its tool had ended before, its clean-up begins after. */
const stream = async (run: Run, ended: EndLater): Promise<never> => {
  tracer().startSpan("tool").end();
  const model = tracer().startSpan("model");
  const request = tracer().startSpan("request", {}, trace.setSpan(context.active(), model));
  await asked(run);
  tracer().startSpan("clean-up").end();
  request.end();
  ended(() => model.end());
  throw run.signal.reason;
};

/** Never looks at its signal, and completes in spite of the dispose. */
const deaf = async (finished: Promise<void>): Promise<string> => {
  const model = tracer().startSpan("model");
  await finished;
  model.end();
  return CANARIES.prompt;
};

const begin = (id: string, scope: Scope, work: (run: Run) => Promise<unknown>): Promise<unknown> =>
  tracer().startActiveSpan("POST /sessions/{id}", { kind: SpanKind.SERVER, root: true }, (server) =>
    withRun({ name: "agent run", id, scope }, work)
      .catch(() => undefined)
      .finally(() => server.updateName(`POST ${id}`).end()),
  );

/**
 * Three directories with two streams each and, in the first, one run that had completed, one that
 * its user had stopped, one that failed and one that hears nothing; then dispose_all, with a
 * dispose of each directory in it, asked for over HTTP.
 */
export const disposeThreeDirectories = async (): Promise<void> => {
  const store = createScope({ kind: "instance_store" });
  const directories = DIRECTORIES.map((path) => directoryScope(store, path));
  const [first = store] = directories;
  let finish = (): void => undefined;
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });

  const late: Promise<void>[] = [];
  const endLater: EndLater = (end) => {
    late.push(new Promise<void>((resolve) => setImmediate(resolve)).then(end));
  };

  await begin("done", first, async () => CANARIES["tool input"]);
  await begin("failed", first, async () => {
    throw new TypeError(CANARIES["error message"]);
  });
  const cancelled = begin("cancelled", first, async (run) => {
    run.cancel();
    await finished;
    throw run.signal.reason;
  });
  const runs = directories.flatMap((scope, index) =>
    [1, 2].map((number) => begin(`d${index + 1}r${number}`, scope, (run) => stream(run, endLater))),
  );
  const deafRun = begin("deaf", first, () => deaf(finished));

  await tracer().startActiveSpan("POST /global/dispose", async (server) => {
    const options = {
      kind: "dispose_all",
      scope: store,
      trigger: "http",
      operation: "POST /global/dispose",
      initiator: "user",
    } as const;
    await withAction(options, async (action) => {
      const nested = {
        kind: "dispose",
        trigger: "runtime",
        operation: "Instance.dispose",
      } as const;
      await Promise.all(
        directories.map((scope) => withAction({ ...nested, scope }, () => action.asked)),
      );
      finish();
    });
    await Promise.all([...runs, cancelled, deafRun]);
    await Promise.all(late);
    server.end();
  });
};
