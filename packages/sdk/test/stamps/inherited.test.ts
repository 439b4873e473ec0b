import type { Tracer } from "@opentelemetry/api";
import { SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import {
  createScope,
  type Run,
  type Scope,
  startAction,
  startRun,
  withAction,
} from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { beforeEach, describe, expect, test } from "vitest";
import { attributesNamed, inheritedFrom } from "../span-document.ts";
import { KeepingExporter, registerProvider } from "../tracing.ts";

let exporter: KeepingExporter;
let tracer: Tracer;
let scope: Scope;
let run: Run;

beforeEach(() => {
  exporter = new KeepingExporter();
  const processors = [new LifecycleSpanProcessor(), new SimpleSpanProcessor(exporter)];
  ({ tracer } = registerProvider(processors));
  scope = createScope({ kind: "instance" });
  run = startRun({ name: "agent run", scope });
});

const begin = (name = "below") => run.with(() => tracer.startSpan(name));
const dispose = (): void =>
  withAction({ kind: "dispose", scope, trigger: "http" }, () => undefined);
const stop = (): void => run.fail(run.signal.reason);
const exported = (name = "below") => attributesNamed(exporter.getFinishedSpans(), name);

const inherited = inheritedFrom("dispose instance", "dispose", "http");
const nothing = {};

describe("a span that was in flight below a run inherits what closed it (rule 15)", () => {
  test.each<[string, () => void, object]>([
    [
      "begun before the cause, ended before the run: it inherits",
      () => {
        const below = begin();
        dispose();
        below.end();
        stop();
      },
      inherited,
    ],
    [
      "begun before the cause, ended after the run: it inherits",
      () => {
        const below = begin();
        dispose();
        stop();
        below.end();
      },
      inherited,
    ],
    [
      "begun after the cause: it is clean-up and gets none",
      () => {
        dispose();
        const below = begin();
        below.end();
        stop();
      },
      nothing,
    ],
    [
      "begun after the cause and ended after the run: it gets none",
      () => {
        dispose();
        const below = begin();
        stop();
        below.end();
      },
      nothing,
    ],
    [
      "begun by a listener of the abort: it gets none",
      () => {
        run.signal.addEventListener("abort", () => tracer.startSpan("below").end());
        dispose();
        stop();
      },
      nothing,
    ],
    [
      "begun after the run had ended: it gets none",
      () => {
        dispose();
        stop();
        begin().end();
      },
      nothing,
    ],
    [
      "ended before the cause: it gets none",
      () => {
        begin().end();
        dispose();
        stop();
      },
      nothing,
    ],
    [
      "the run completes in spite of it, and later: it inherits",
      () => {
        const below = begin();
        dispose();
        below.end();
        run.end();
      },
      inherited,
    ],
    [
      "the run completes in spite of it, and earlier: it inherits",
      () => {
        const below = begin();
        dispose();
        run.end();
        below.end();
      },
      inherited,
    ],
    [
      "the run says itself that it is complete: it inherits all the same",
      () => {
        const below = begin();
        dispose();
        run.complete();
        below.end();
        run.end();
      },
      inherited,
    ],
    [
      "nothing closed the run: it gets none",
      () => {
        const below = begin();
        run.end();
        below.end();
      },
      nothing,
    ],
    [
      "a recording action that is over before it ends: it gets none",
      () => {
        const below = begin();
        withAction({ kind: "reload", scope, interrupt: "record" }, () => undefined);
        below.end();
        run.end();
      },
      nothing,
    ],
    [
      "it ends while a recording action is under way: it inherits",
      () => {
        const below = begin();
        const action = startAction({
          kind: "dispose",
          scope,
          trigger: "http",
          interrupt: "record",
        });
        below.end();
        action.end();
        run.end();
      },
      inherited,
    ],
    [
      "two actions, it began before both: it inherits from the first",
      () => {
        const below = begin();
        const first = startAction({ kind: "dispose", scope, trigger: "http" });
        const second = startAction({ kind: "reload", scope });
        below.end();
        stop();
        first.end();
        second.end();
      },
      inherited,
    ],
    [
      "two actions, it began between them: it gets none, because the first closed the run",
      () => {
        const first = startAction({ kind: "dispose", scope, trigger: "http" });
        const below = begin();
        const second = startAction({ kind: "reload", scope });
        below.end();
        stop();
        first.end();
        second.end();
      },
      nothing,
    ],
  ])("%s", (_title, drive, attributes) => {
    drive();
    expect(exported()).toEqual(attributes);
  });

  test.each<[string, () => void]>([
    ["user_cancel", () => run.cancel()],
    ["error", () => run.fail(new TypeError("broken"))],
    [
      "upstream_disconnect",
      () => run.fail(Object.assign(new Error("lost"), { code: "ECONNRESET" })),
    ],
    ["timeout", () => run.fail(new DOMException("late", "TimeoutError"))],
    ["unknown_scope_close", () => run.fail(new DOMException("aborted", "AbortError"))],
  ])("it inherits %s, and no action", (closeClass, close) => {
    const below = begin();
    close();
    below.end();
    run.end();
    expect(exported()).toEqual({ "lifecycle.close.inherited_class": closeClass });
  });
});
