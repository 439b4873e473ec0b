import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { AlwaysOffSampler } from "@opentelemetry/sdk-trace-node";
import { createScope, startAction, startRun, userCancel, withRun } from "@otel-lifecycle/api";
import { beginShutdown, LifecycleSpanProcessor, lifecycleSampler } from "@otel-lifecycle/sdk";
import { expect, test } from "vitest";
import { linesOf, namesOf, recordsOf, setUp } from "./journalling.ts";

const HEX_32 = expect.stringMatching(/^[0-9a-f]{32}$/);
const HEX_16 = expect.stringMatching(/^[0-9a-f]{16}$/);
const TIME = [expect.any(Number), expect.any(Number)];
const NUMBER = expect.any(Number);

/** What a beginning says of a span. */
const began = (name: string, attributes: object) => ({
  src: 1,
  t: HEX_32,
  s: HEX_16,
  f: 1,
  n: name,
  k: SpanKind.INTERNAL,
  st: TIME,
  a: attributes,
});

const INSTANCE = { "lifecycle.scope.kind": "instance" };
const COMPLETED = { et: TIME, a: { "lifecycle.run.result": "completed" } };
const bodiesOf = (path: string | undefined, type: string) =>
  recordsOf(path)
    .filter((one) => one.type === type)
    .map(({ body }) => body);

test("a run is in the journal before its code runs, and its end is what differs", () => {
  const { journal } = setUp();
  const scope = createScope({ kind: "instance" });
  const r = { q: NUMBER, sc: [NUMBER, NUMBER], o: "api" };
  const begin = { ...began("agent run", { ...INSTANCE, "lifecycle.run.id": "r1" }), r };
  const inside = withRun({ name: "agent run", scope, id: "r1" }, () => recordsOf(journal.path));
  expect(inside).toEqual([{ type: "B", n: 2, body: begin }]);
  expect(recordsOf(journal.path).slice(1)).toEqual([{ type: "E", n: 2, body: COMPLETED }]);
});

test("its parent, links and source stand there as they are", () => {
  const resource = resourceFromAttributes({ "service.name": "shop" });
  const { journal, tracer } = setUp({ config: { resource } });
  const outer = tracer.startSpan("host");
  const links = [{ context: outer.spanContext(), attributes: { why: "because" } }];
  startRun({ name: "agent run", spanOptions: { links, kind: SpanKind.CLIENT } }).with(() => {
    startRun({ name: "inner run" });
  });
  const [, first, second] = bodiesOf(journal.path, "B");
  const { traceId: t, spanId: s } = outer.spanContext();
  expect(first).toMatchObject({ k: SpanKind.CLIENT, l: [{ t, s, f: 1, a: { why: "because" } }] });
  expect(second).toMatchObject({ t: first?.["t"], p: { t: first?.["t"], s: first?.["s"], f: 1 } });
  const sources = linesOf(journal.path).filter(({ type }) => type === "S");
  expect(sources.map(({ body }) => body)).toEqual([
    { resource: { attributes: { "service.name": "shop" } }, scope: { name: "host" } },
    expect.objectContaining({ scope: expect.objectContaining({ name: "@otel-lifecycle/api" }) }),
  ]);
});

test("an end says what was added, changed and taken out, and what else a span has", () => {
  const { journal, tracer } = setUp();
  const attributes = { same: 1, changed: "x", gone: true, list: ["a"] };
  const span = tracer.startSpan("GET /orders", { attributes });
  span.setAttributes({ changed: "y", added: [1, 2] });
  span.addEvent("seen", { at: "gate" });
  span.addLink({ context: span.spanContext() });
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'it "broke"\n\ud800' });
  span.updateName("GET /orders/{id}");
  const carried = Reflect.get(span, "attributes");
  Reflect.deleteProperty(carried, "gone");
  carried.list.push("b");
  span.end();
  const { traceId: t, spanId: s } = span.spanContext();
  expect(bodiesOf(journal.path, "E")).toEqual([
    {
      et: TIME,
      a: expect.objectContaining({ changed: "y", added: [1, 2], list: ["a", "b"] }),
      d: ["gone"],
      n: "GET /orders/{id}",
      x: [SpanStatusCode.ERROR, 'it "broke"\n\ud800'],
      l: [{ t, s, f: 1 }],
      ev: [{ n: "seen", st: TIME, a: { at: "gate" } }],
    },
  ]);
  expect(bodiesOf(journal.path, "E")[0]?.["a"]).not.toHaveProperty("same");
});

test("an automatic run leaves its place with its own number, and may come to be one again", () => {
  const { journal, tracer } = setUp();
  const root = tracer.startSpan("GET /orders");
  const adopted = startRun({ span: root, name: "order" });
  adopted.end();
  root.setAttribute("later", true);
  root.end();
  const [first, second] = bodiesOf(journal.path, "B");
  const q = (body: Record<string, unknown> | undefined) =>
    (body?.["r"] as { readonly q: number } | undefined)?.q;
  expect(namesOf(journal.path)).toEqual(["B2", "Y2", "B2", "U2", "E2"]);
  expect(first?.["r"]).toEqual({
    q: NUMBER,
    sc: [NUMBER],
    o: "automatic",
    a: { "lifecycle.scope.kind": "process" },
  });
  expect(second?.["r"]).toEqual({ q: NUMBER, sc: [NUMBER], o: "adopted", n: "order" });
  expect(q(second)).toBeGreaterThan(q(first) ?? Number.NaN);
  expect(bodiesOf(journal.path, "Y")).toEqual([{ q: q(first) }]);
  expect(bodiesOf(journal.path, "U")).toEqual([
    { q: q(second), a: { "lifecycle.run.result": "completed" } },
  ]);
  expect(bodiesOf(journal.path, "E")).toEqual([
    { et: TIME, a: { "lifecycle.run.result": "completed", later: true } },
  ]);
});

test("a run that shares its span with the one around it has no records of its own", () => {
  const { journal, tracer } = setUp();
  const span = tracer.startSpan("invoke_agent");
  const outer = startRun({ span });
  const inner = startRun({ span });
  inner.cancel();
  inner.end();
  outer.end();
  span.end();
  expect(namesOf(journal.path)).toEqual(["B2", "Y2", "B2", "U2", "E2"]);
});

test("causes of its own are there, the earliest only, and covers are not", async () => {
  const { journal } = setUp();
  const scope = createScope({ kind: "instance" });
  const controller = new AbortController();
  const run = startRun({ name: "agent run", scope, signal: controller.signal });
  const action = startAction({ kind: "dispose", scope });
  run.cancel();
  run.cancel();
  controller.abort(userCancel());
  run.end();
  action.end();
  await action.settled;
  expect(bodiesOf(journal.path, "C")).toEqual([
    { q: NUMBER, at: NUMBER, type: "user_cancel", via: "api" },
  ]);
});

test("an action is there before it asks, with whom it covers, and when its cover has lapsed", async () => {
  const { journal } = setUp();
  const scope = createScope({ kind: "instance" });
  const run = startRun({ name: "agent run", scope });
  let asked: readonly string[] = [];
  run.signal.addEventListener("abort", () => (asked = namesOf(journal.path)));
  const options = { kind: "dispose", scope, trigger: "http", operation: "POST /dispose" } as const;
  const action = startAction(options);
  action.end();
  run.end();
  await action.settled;
  expect(asked).toEqual(["B2", "B3"]);
  expect(bodiesOf(journal.path, "B")[1]).toEqual({
    ...began("dispose instance", expect.objectContaining({ "lifecycle.action.id": action.id })),
    c: {
      q: NUMBER,
      at: NUMBER,
      id: action.id,
      sc: NUMBER,
      asks: true,
      final: false,
      operation: "POST /dispose",
    },
  });
  // The run's end, the interrupt and the action's end; what covered is done, and then has lapsed.
  expect(namesOf(journal.path)).toEqual(["B2", "B3", "D3", "E2", "D3", "F4", "E3"]);
  expect(bodiesOf(journal.path, "D")).toEqual([{ q: NUMBER }, { q: NUMBER, o: true }]);
  expect(bodiesOf(journal.path, "F")).toEqual([
    {
      ...began(
        "interrupt agent run",
        expect.objectContaining({
          "lifecycle.interrupt.result": "stopped",
        }),
      ),
      p: expect.anything(),
      l: [expect.objectContaining({ a: { "lifecycle.link.type": "interrupts" } })],
      et: TIME,
    },
  ]);
});

test("what began in an action's code, and in whose code it was started, is said", async () => {
  const { journal } = setUp();
  const scope = createScope({ kind: "instance" });
  const host = startRun({ name: "host run", scope });
  const action = host.with(() => startAction({ kind: "reload", scope }));
  const inner = action.with(() => startRun({ name: "inner run", scope }));
  inner.end();
  action.end();
  host.end();
  await action.settled;
  const [first, second, third] = bodiesOf(journal.path, "B");
  expect([second?.["c"], third?.["r"]]).toEqual([
    expect.objectContaining({ h: [Reflect.get(Object(first?.["r"]), "q")] }),
    expect.objectContaining({ bi: [action.id] }),
  ]);
});

test("a shutdown that ends the process covers for good", () => {
  const processor = new LifecycleSpanProcessor();
  const { journal, provider } = setUp({ options: { processor } });
  const run = startRun({ name: "agent run" });
  beginShutdown({ trigger: "signal", signal: "SIGTERM" });
  processor.endOpenSpans(100);
  expect(bodiesOf(journal.path, "B")[1]?.["c"]).toMatchObject({ final: false, signal: "SIGTERM" });
  expect(bodiesOf(journal.path, "D")).toContainEqual({ q: NUMBER, final: true });
  expect(bodiesOf(journal.path, "D")).not.toContainEqual(expect.objectContaining({ o: true }));
  expect(run.close?.type).toBe("lifecycle_action");
  return provider.forceFlush();
});

test("what the sampler has dropped is not there", () => {
  const { journal } = setUp({ config: { sampler: new AlwaysOffSampler() } });
  startRun({ name: "agent run" }).end();
  expect(linesOf(journal.path).map(({ type }) => type)).toEqual(["H"]);
});

test("what our sampler has turned is there until it ends without having been rescued", () => {
  const turned = setUp({ config: { sampler: lifecycleSampler(new AlwaysOffSampler()) } });
  startRun({ name: "completed run" }).end();
  startRun({ name: "failed run" }).fail(new Error("broke"));
  expect(namesOf(turned.journal.path)).toEqual(["B2", "A 2", "B3", "E3"]);
  expect(bodiesOf(turned.journal.path, "E")).toEqual([
    expect.objectContaining({
      f: 1,
      a: expect.objectContaining({ "lifecycle.sampling.rescued": true }),
    }),
  ]);
});
