import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Afterlife, makeAfterlife, start, until } from "./lives.ts";

let afterlife: Afterlife;
let requests = 0;
let answer: RequestListener = () => undefined;
const server = createServer((request, response) => {
  requests += 1;
  answer(request, response);
});
beforeEach(async () => {
  requests = 0;
  afterlife = await makeAfterlife();
  await once(server.listen(0, "127.0.0.1"), "listening");
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await afterlife.close();
});

// Longer than a test may last.
const LONG = { OTEL_EXPORTER_OTLP_TIMEOUT: "600000" };

describe("a recovery under way holds no process that has nothing else to do", {
  timeout: 60_000,
}, () => {
  it.each<[string, RequestListener]>([
    ["answers nothing", () => undefined],
    [
      "asks for patience",
      (request, response) => {
        request.resume();
        response.writeHead(503, { "Retry-After": "500" }).end();
      },
    ],
  ])("at an endpoint that %s", async (_what, given) => {
    answer = given;
    await start("journalled", { args: ["SIGKILL"], env: afterlife.env }).ended;
    const { port } = server.address() as AddressInfo;
    const env = {
      ...afterlife.env,
      ...LONG,
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`,
    };
    const living = start("lingers", { env });
    await until(() => requests > 0);
    const { code, signal, stderr } = await living.end("SIGUSR2");
    expect({ code, signal, stderr, journals: afterlife.journals().length }).toEqual({
      code: 0,
      signal: null,
      stderr: "",
      // What was not acknowledged is there for the next start.
      journals: 1,
    });
  });
});
