import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, request } from "node:http";
import type { AddressInfo } from "node:net";
import { context, propagation } from "@opentelemetry/api";
import { createScope, extract, inject, withAction, withRun } from "@otel-lifecycle/api";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { registerHarvest } from "../support/harvest.ts";
import { CARRIER } from "../support/remote-carrier.ts";

// Registers the real W3C propagators, of trace context and of baggage.
registerHarvest();
const scope = createScope({ kind: "instance" });

let received: IncomingHttpHeaders[] = [];
let url = "";
const server = createServer(({ headers }, response) => {
  received.push(headers);
  response.end();
});
beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  received = [];
});
afterAll(() => server.close());

const byFetch = (headers: Record<string, string>) => fetch(url, { headers });
const byRequest = async (headers: Record<string, string>) => {
  const sent = request(url, { headers }).end();
  const [response] = await once(sent, "response");
  response.resume();
};
/** What an HTTP instrumentation puts on each request. */
const propagated = () => {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  return headers;
};
const send = async () => {
  await byFetch(propagated());
  await byRequest(propagated());
};
const namesSent = () => received.flatMap((headers) => Object.keys(headers)).sort();

describe("nothing of an action goes out with ordinary requests", () => {
  test.each<[string, () => Promise<void>]>([
    ["an action", () => withAction({ kind: "dispose", scope }, send)],
    [
      "a run in an action",
      () => withAction({ kind: "dispose", scope }, () => withRun({ name: "agent run" }, send)),
    ],
    [
      "an action that injects elsewhere",
      () =>
        withAction({ kind: "dispose", scope }, () => {
          inject({});
          return send();
        }),
    ],
    ["an extracted context", () => context.with(extract(CARRIER), send)],
    [
      "an action in another's name",
      () => withAction({ kind: "dispose", scope, carrier: CARRIER }, send),
    ],
  ])("from the code of %s go the propagator's headers alone", async (_what, act) => {
    await act();
    expect(received).toHaveLength(2);
    expect(namesSent().filter((name) => /trace|baggage|lifecycle/.test(name))).toEqual([
      "traceparent",
      "traceparent",
    ]);
    expect(JSON.stringify(received)).not.toMatch(/lifecycle|dispose|remote/);
  });

  test("and with the carrier on it a request takes the action along", async () => {
    await withAction({ kind: "dispose", scope }, () => byFetch(inject({})));
    expect(namesSent().filter((name) => /trace|baggage|lifecycle/.test(name))).toEqual([
      "lifecycle.cause",
      "traceparent",
    ]);
  });
});
