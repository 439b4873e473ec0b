import { hasSubscribers } from "node:diagnostics_channel";
import { once } from "node:events";
import { createServer } from "node:http";
import type { Socket } from "node:net";
import { type Span, SpanKind, type Tracer } from "@opentelemetry/api";
import { type NodeTracerProvider, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-node";
import {
  createScope,
  lifecycleSnapshot,
  processScope,
  startAction,
  startRun,
  withAction,
  withRun,
} from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { attributesNamed, closedBy, counts } from "../span-document.ts";
import { KeepingExporter, registerProvider } from "../tracing.ts";
import { deferred } from "./deferred.ts";
import { type Answer, type Exchange, listen, opened, request, send } from "./http-server.ts";

let exporter: KeepingExporter;
let tracer: Tracer;
let provider: NodeTracerProvider;

beforeEach(() => {
  exporter = new KeepingExporter();
  ({ provider, tracer } = registerProvider([
    new LifecycleSpanProcessor(),
    new SimpleSpanProcessor(exporter),
  ]));
});

afterEach(async () => {
  expect(lifecycleSnapshot()).toMatchObject({ runs: 0, actions: 0 });
  await provider.shutdown();
});

const exported = (name: string) => attributesNamed(exporter.getFinishedSpans(), name);

const completed = { "lifecycle.scope.kind": "process", "lifecycle.run.result": "completed" };
const disconnected = {
  "lifecycle.scope.kind": "process",
  "lifecycle.run.result": "interrupted",
  "lifecycle.close.class": "client_disconnect",
  "lifecycle.close.confidence": "high",
  "lifecycle.close.via": "response",
};
const nobodys = {
  "lifecycle.scope.kind": "process",
  "lifecycle.run.result": "interrupted",
  "lifecycle.close.class": "unknown_scope_close",
  "lifecycle.close.confidence": "low",
  "lifecycle.close.via": "response",
  "lifecycle.close.missing": ["lifecycle.close_requested"],
};

/** Sends the head and a first part, so that the client can go away while it is streamed to. */
const stream: Answer = ({ response }) => {
  response.write("part");
};

/** Has what a test does to it once a client has seen its first byte. */
const whenSeen = async (client: Socket, act: (client: Socket) => void): Promise<void> => {
  await once(client, "data");
  act(client);
};

describe("a client that went away is told from a server that closed (rule 17)", () => {
  test.each<[string, (client: Socket) => void]>([
    ["closes its socket", (client) => client.destroy()],
    ["resets the connection", (client) => client.resetAndDestroy()],
    ["half-closes it, which ends the exchange for Node", (client) => client.end()],
  ])("a client that %s in the middle of the response", async (_title, leave) => {
    const { port, ended } = await listen(tracer, stream);
    await whenSeen(await request(port, "/stream"), leave);
    await ended();
    expect(exported("GET /stream")).toEqual(disconnected);
  });

  test.each<[string, (client: Socket) => void]>([
    ["closes its socket", (client) => client.destroy()],
    ["resets the connection", (client) => client.resetAndDestroy()],
  ])("a client that %s before the first byte", async (_title, leave) => {
    const answered = deferred();
    const { port, ended } = await listen(tracer, () => answered.resolve());
    const client = await request(port, "/slow");
    await answered.promise;
    leave(client);
    await ended();
    expect(exported("GET /slow")).toEqual(disconnected);
  });

  test("a client that goes away while its request is still being read", async () => {
    const { port, ended } = await listen(tracer, ({ request: incoming }) => incoming.resume());
    const client = await request(port);
    client.write("POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\npart");
    setImmediate(() => client.destroy());
    await ended();
    expect(exported("GET /upload")).toEqual(disconnected);
  });

  test.each<[string, Answer]>([
    ["destroys the response", ({ response }) => response.destroy()],
    ["destroys it with an error", ({ response }) => response.destroy(new Error("no"))],
    ["destroys the socket", ({ request: incoming }) => incoming.socket.destroy()],
    ["resets the socket", ({ request: incoming }) => incoming.socket.resetAndDestroy()],
    ["destroys the request", ({ request: incoming }) => incoming.destroy()],
  ])("a server that %s in the middle, and nobody says why", async (_title, close) => {
    const { port, ended } = await listen(tracer, (exchange) => {
      exchange.response.write("part", () => close(exchange));
    });
    await request(port, "/stream");
    await ended();
    expect(exported("GET /stream")).toEqual(nobodys);
  });

  test.each(["ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT"])(
    "a connection that the system says is broken: %s",
    async (code) => {
      const { port, ended } = await listen(tracer, ({ request: incoming, response }) => {
        response.write("part", () => incoming.socket.destroy(Object.assign(new Error(), { code })));
      });
      await request(port, "/stream");
      await ended();
      expect(exported("GET /stream")).toEqual(disconnected);
    },
  );

  test("a server that ends the socket itself cannot be told from a client that did: both ends are there", async () => {
    const { port, ended } = await listen(tracer, ({ request: incoming, response }) => {
      response.write("part", () => incoming.socket.end());
    });
    const client = await request(port, "/stream");
    client.resume().once("end", () => client.end());
    await ended();
    expect(exported("GET /stream")).toMatchObject({ "lifecycle.close.class": "client_disconnect" });
  });

  test("a server whose socket timed out", async () => {
    const { port, ended } = await listen(tracer, ({ request: incoming, response }) => {
      response.write("part");
      incoming.socket.setTimeout(1);
    });
    await request(port, "/stream");
    await ended();
    expect(exported("GET /stream")).toEqual(nobodys);
  });

  test.each<[string, Answer]>([
    ["with a body", ({ response }) => response.end("all")],
    ["without one", ({ response }) => response.writeHead(204).end()],
    ["later", ({ response }) => setImmediate(() => response.end("all"))],
    ["in parts", ({ response }) => response.write("part", () => response.end("rest"))],
  ])("a response that was finished, %s, has completed", async (_title, answer) => {
    const { port, ended } = await listen(tracer, answer);
    await request(port, "/whole");
    await ended();
    expect(exported("GET /whole")).toEqual(completed);
  });

  test.each<[string, (client: Socket) => void]>([
    ["closes", (client) => client.destroy()],
    ["half-closes", (client) => client.end()],
  ])("a client that %s when it has its response has what it wanted", async (_title, leave) => {
    const { port, ended } = await listen(tracer, ({ response }) => {
      response.setHeader("Connection", "close").end("all");
    });
    await whenSeen(await request(port, "/whole"), leave);
    await ended();
    expect(exported("GET /whole")).toEqual(completed);
  });

  test("the status that the application set is an earlier word than the client's", async () => {
    const { port, ended } = await listen(tracer, ({ response, span }) => {
      span.setStatus({ code: 2 });
      response.write("part");
    });
    await whenSeen(await request(port, "/stream"), (client) => client.destroy());
    await ended();
    expect(exported("GET /stream")).toMatchObject({
      "lifecycle.run.result": "failed",
      "lifecycle.close.class": "error",
    });
  });
});

describe("of several requests on a connection each has its own exchange (rule 17)", () => {
  test("one after the other, of which the last is broken off", async () => {
    const { port, ended } = await listen(tracer, ({ request: { url }, response }) => {
      if (url === "/3") response.write("part");
      else response.end("all");
    });
    const client = await request(port, "/1");
    await ended(1);
    send(client, "/2");
    await ended(2);
    send(client, "/3");
    await whenSeen(client, () => client.destroy());
    await ended(3);
    expect(["GET /1", "GET /2", "GET /3"].map(exported)).toEqual([
      completed,
      completed,
      disconnected,
    ]);
  });

  test("pipelined in one packet, of which the first is finished when the client goes", async () => {
    let second: Exchange | undefined;
    const { port, ended } = await listen(tracer, (exchange) => {
      if (exchange.request.url === "/2") second = exchange;
      else setImmediate(() => exchange.response.end("all"));
    });
    const client = await request(port, "/1", "/2");
    await ended(1);
    second?.response.write("part");
    await whenSeen(client, () => client.destroy());
    await ended(2);
    expect(["GET /1", "GET /2"].map(exported)).toEqual([completed, disconnected]);
  });

  test("at the same time on several connections", async () => {
    const { port, ended } = await listen(tracer, ({ request: { url }, response }) => {
      if (url === "/server") response.write("part", () => response.destroy());
      else if (url === "/client") response.write("part");
      else setImmediate(() => response.end("all"));
    });
    const [client] = await Promise.all([
      request(port, "/client"),
      request(port, "/server"),
      request(port, "/whole"),
    ]);
    await ended(2);
    client.destroy();
    await ended(3);
    expect(["GET /client", "GET /server", "GET /whole"].map(exported)).toEqual([
      disconnected,
      nobodys,
      completed,
    ]);
  });
});

describe("only a SERVER span that starts as the request is handed over takes its exchange", () => {
  /** A server that starts its spans itself; resolves once the client has gone and they have ended. */
  const breakOff = async (start: (begin: (kind: SpanKind, name: string) => void) => void) => {
    const over = deferred();
    const server = createServer((_request, response) => {
      const spans: Span[] = [];
      start((kind, name) => spans.push(tracer.startSpan(name, { kind, root: true })));
      response.once("close", () => {
        for (const span of spans) span.end();
        over.resolve();
      });
      response.write("part");
    });
    const { port } = await opened(server);
    await whenSeen(await request(port, "/stream"), (client) => client.destroy());
    await over.promise;
  };

  test.each<[string, (begin: () => void) => void]>([
    ["in a microtask", (begin) => queueMicrotask(begin)],
    ["in the next tick", (begin) => process.nextTick(begin)],
    ["in another turn", (begin) => setImmediate(begin)],
  ])("none that starts %s, though nobody has taken it", async (_title, later) => {
    await breakOff((begin) => later(() => begin(SpanKind.SERVER, "late")));
    expect(exported("late")).toEqual(completed);
  });

  test("the first of two", async () => {
    await breakOff((begin) => {
      begin(SpanKind.SERVER, "first");
      begin(SpanKind.SERVER, "second");
    });
    expect([exported("first"), exported("second")]).toEqual([disconnected, completed]);
  });

  test("none of another kind, before it or after it", async () => {
    await breakOff((begin) => {
      begin(SpanKind.INTERNAL, "before");
      begin(SpanKind.SERVER, "GET /stream");
      begin(SpanKind.CONSUMER, "after");
    });
    expect(["before", "GET /stream", "after"].map(exported)).toEqual([
      completed,
      disconnected,
      completed,
    ]);
  });

  test("of two pipelined requests none takes the other's, if the spans of both start late", async () => {
    const over = deferred();
    const server = createServer(({ url }, response) => {
      process.nextTick(() => {
        const span = tracer.startSpan(`GET ${url}`, { kind: SpanKind.SERVER });
        response.once("close", () => {
          span.end();
          if (url === "/2") over.resolve();
        });
        if (url === "/1") response.end("all");
        else response.write("part");
      });
    });
    const { port } = await opened(server);
    const client = await request(port, "/1", "/2");
    while (!exporter.getFinishedSpans().some(({ name }) => name === "GET /1")) {
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    client.destroy();
    await over.promise;
    expect(["GET /1", "GET /2"].map(exported)).toEqual([completed, completed]);
  });

  test("a processor that has shut down listens no more", async () => {
    expect(hasSubscribers("http.server.request.start")).toBe(true);
    await provider.shutdown();
    expect(hasSubscribers("http.server.request.start")).toBe(false);
  });
});

describe("a response that closed while it was covered is the action's (rule 17)", () => {
  const byDispose = (kind = "dispose_all") => ({
    "lifecycle.scope.kind": "process",
    "lifecycle.run.result": "interrupted",
    ...closedBy(`${kind} process`, kind, "http"),
    "lifecycle.close.confidence": "medium",
    "lifecycle.close.via": "response",
  });
  const closeAll = { kind: "dispose_all", scope: processScope(), trigger: "http" } as const;

  test("by the server, in the action's code", async () => {
    const open = deferred<Exchange>();
    const { port, ended } = await listen(tracer, (exchange) => {
      exchange.response.write("part", () => open.resolve(exchange));
    });
    await request(port, "/stream");
    const { response } = await open.promise;
    withAction(closeAll, () => response.destroy());
    await ended();
    expect([exported("GET /stream"), exported("dispose_all process")]).toEqual([
      byDispose(),
      expect.objectContaining(counts({ covered: 1, interrupted: 1 })),
    ]);
  });

  test("by the client, which reacted to what the action did", async () => {
    const { port, ended } = await listen(tracer, stream);
    const client = await request(port, "/stream");
    await once(client, "data");
    const action = startAction(closeAll);
    client.destroy();
    await ended();
    action.end();
    await action.settled;
    expect(exported("GET /stream")).toEqual(byDispose());
  });

  test("not, if what only recorded is over by then (rule 3)", async () => {
    const { port, ended } = await listen(tracer, stream);
    const client = await request(port, "/stream");
    await once(client, "data");
    withAction({ ...closeAll, kind: "reload", interrupt: "record" }, () => undefined);
    client.destroy();
    await ended();
    expect(exported("GET /stream")).toEqual(disconnected);
  });

  test("not, if the response was finished: then it has completed", async () => {
    const open = deferred<Exchange>();
    const { port, ended } = await listen(tracer, (exchange) => {
      exchange.response.write("part", () => open.resolve(exchange));
    });
    await request(port, "/stream");
    const { response } = await open.promise;
    const action = startAction(closeAll);
    response.end("rest");
    await ended();
    action.end();
    await action.settled;
    expect([exported("GET /stream"), exported("dispose_all process")]).toEqual([
      completed,
      expect.objectContaining(counts({ covered: 1, completed: 1 })),
    ]);
  });

  test("or that of an action that does not cover it, in whose code it was ended (rule 13)", async () => {
    const scope = createScope({ kind: "instance" });
    const open = deferred<Exchange>();
    const { port, ended } = await listen(tracer, (exchange) => {
      exchange.response.write("part", () => open.resolve(exchange));
    });
    await request(port, "/stream");
    const { response, span } = await open.promise;
    withAction({ kind: "dispose", scope, trigger: "http" }, () => {
      response.destroy();
      span.end();
    });
    await ended();
    expect([exported("GET /stream"), exported("dispose instance")]).toEqual([
      {
        ...byDispose(),
        ...closedBy("dispose instance", "dispose", "http"),
        "lifecycle.close.via": "context",
      },
      expect.objectContaining(counts({ covered: 1, interrupted: 1 })),
    ]);
  });
});

describe("a run below the request whose client went away (rules 13 and 18)", () => {
  const requestSignal = ({ response }: Exchange): AbortSignal => {
    const controller = new AbortController();
    response.once("close", () => {
      if (!response.writableFinished) controller.abort();
    });
    return controller.signal;
  };
  const streaming = (signal: AbortSignal) =>
    new Promise<void>((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });

  test("and whose given signal was aborted without a reason is client_disconnect", async () => {
    const over = deferred();
    const { port, ended } = await listen(tracer, (exchange) => {
      const signal = requestSignal(exchange);
      withRun({ name: "agent run", signal }, (run) => streaming(run.signal)).catch(() =>
        over.resolve(),
      );
      exchange.response.write("part");
    });
    await whenSeen(await request(port, "/stream"), (client) => client.destroy());
    await ended();
    await over.promise;
    expect(exported("agent run")).toEqual({
      "lifecycle.scope.kind": "process",
      "lifecycle.run.result": "interrupted",
      "lifecycle.close.class": "client_disconnect",
      "lifecycle.close.confidence": "high",
      "lifecycle.close.via": "response",
      "lifecycle.close.error.type": "AbortError",
      "lifecycle.interrupt.duration": "seconds",
    });
    expect(Object.keys(exported("GET /stream"))).not.toContain("lifecycle.run.result");
  });

  test("or that ended with a bare abort when it had gone is that as well, and the request inherits it", async () => {
    const over = deferred();
    const { port, ended } = await listen(tracer, ({ response, span }) => {
      const run = startRun({ name: "agent run" });
      response.prependOnceListener("close", () => {
        run.fail(new DOMException("", "AbortError"));
        over.resolve();
      });
      expect(span.isRecording()).toBe(true);
      response.write("part");
    });
    await whenSeen(await request(port, "/stream"), (client) => client.destroy());
    await ended();
    await over.promise;
    expect(exported("agent run")).toMatchObject({
      "lifecycle.close.class": "client_disconnect",
      "lifecycle.close.via": "response",
    });
    expect(exported("GET /stream")).toEqual({
      "lifecycle.close.inherited_class": "client_disconnect",
    });
  });

  test("is nobody's where the server closed", async () => {
    const over = deferred();
    const { port, ended } = await listen(tracer, (exchange) => {
      const signal = requestSignal(exchange);
      withRun({ name: "agent run", signal }, (run) => streaming(run.signal)).catch(() =>
        over.resolve(),
      );
      exchange.response.write("part", () => exchange.response.destroy());
    });
    await request(port, "/stream");
    await ended();
    await over.promise;
    expect(exported("agent run")).toMatchObject({ "lifecycle.close.class": "unknown_scope_close" });
  });

  test("keeps its own error, cancel and deadline", async () => {
    const { port, ended } = await listen(tracer, ({ response }) => {
      const broken = startRun({ name: "broken" });
      const cancelled = startRun({ name: "cancelled" });
      response.prependOnceListener("close", () => {
        broken.fail(new TypeError("no"));
        cancelled.cancel();
        cancelled.fail(cancelled.signal.reason);
      });
      response.write("part");
    });
    await whenSeen(await request(port, "/stream"), (client) => client.destroy());
    await ended();
    expect([exported("broken"), exported("cancelled")]).toMatchObject([
      { "lifecycle.close.class": "error" },
      { "lifecycle.close.class": "user_cancel" },
    ]);
  });

  test("has completed if it returned, whatever its client did", async () => {
    const { port, ended } = await listen(tracer, ({ response }) => {
      const run = startRun({ name: "agent run" });
      response.prependOnceListener("close", () => run.end());
      response.write("part");
    });
    await whenSeen(await request(port, "/stream"), (client) => client.destroy());
    await ended();
    expect([exported("agent run"), exported("GET /stream")]).toEqual([completed, {}]);
  });

  test("is that too where the request's own span was adopted", async () => {
    const { port, ended } = await listen(tracer, ({ response, span }) => {
      startRun({ span, id: "r1" });
      response.write("part");
    });
    await whenSeen(await request(port, "/stream"), (client) => client.destroy());
    await ended();
    expect(exported("GET /stream")).toEqual({ ...disconnected, "lifecycle.run.id": "r1" });
  });
});
