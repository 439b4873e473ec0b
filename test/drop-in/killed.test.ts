import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { get } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Receiver, startReceiver } from "why-closed";
import { spansOf } from "../support/otlp-span.ts";

let folder = "";
let receiver: Receiver;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "killed-"));
  receiver = await startReceiver({ port: 0 });
});
afterEach(async () => {
  await receiver.close();
  rmSync(folder, { recursive: true });
});

const SERVER = resolve(import.meta.dirname, "busy-server.mjs");
const INSTALLED = resolve(import.meta.dirname, "../../examples/drop-in");

const startServer = async () => {
  const server = fork(SERVER, [join(folder, "log")], {
    execArgv: ["--import", "@otel-lifecycle/node/register"],
    cwd: INSTALLED,
    env: {
      PATH: process.env["PATH"],
      OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_LIFECYCLE_JOURNAL: join(folder, "journals"),
    },
  });
  const [{ port }] = (await once(server, "message")) as [AddressInfo];
  return { server, url: `http://127.0.0.1:${port}` };
};

const ask = async (url: string): Promise<void> => {
  const request = get(url, { agent: false }).on("error", () => undefined);
  const [response] = await once(request, "response");
  response.on("error", () => undefined).resume();
};

it("the requests of a server that is killed are exported by its next start, which traces nothing of that", async () => {
  const first = await startServer();
  await Promise.all(["a", "b", "c"].map((name) => ask(`${first.url}/stream/${name}`)));
  first.server.kill("SIGKILL");
  await once(first.server, "exit");

  const [dead = ""] = readdirSync(join(folder, "journals"));
  const second = await startServer();
  // Its journal goes once all of it was acknowledged, under a name that still has its id.
  const isThere = () =>
    readdirSync(join(folder, "journals"), { recursive: true, encoding: "utf8" }).some((path) =>
      path.includes(dead),
    );
  for (let asked = 0; asked < 500 && isThere(); asked += 1) await setTimeout(20);
  second.server.kill("SIGTERM");
  await once(second.server, "exit");
  const facts = spansOf(receiver.requests).map(({ name, kind, status, attributes }) => ({
    name,
    kind,
    status,
    path: attributes["url.path"] ?? attributes["http.target"],
    class: attributes["lifecycle.close.class"],
  }));
  expect(facts.sort((one, other) => (`${one.path}` < `${other.path}` ? -1 : 1))).toEqual([
    ...["a", "b", "c"].map((name) => ({
      name: "GET",
      kind: 2,
      status: "ERROR",
      path: `/stream/${name}`,
      class: "process_lost",
    })),
    { name: "shutdown process", kind: 1, status: "UNSET", path: undefined, class: undefined },
  ]);
  expect(readdirSync(join(folder, "journals"))).toEqual([]);
});
