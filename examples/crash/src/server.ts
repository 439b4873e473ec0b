// A server whose answers are runs. It knows nothing of journals: `main.ts` starts it with one.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setInterval } from "node:timers/promises";
import { createScope, withAction, withRun } from "@otel-lifecycle/api";

const instances = new Map(["one", "two"].map((name) => [name, createScope({ kind: "instance" })]));

/** Answers with a word now and then, and heeds nobody who wants it to stop. */
const stream = async (response: ServerResponse): Promise<void> => {
  for await (const _ of setInterval(20)) response.write("word ");
};

const server = createServer((request, response) => {
  const [, name = "", what, id = ""] = request.url?.split("/") ?? [];
  const scope = instances.get(name);
  if (scope === undefined) {
    response.writeHead(404).end();
  } else if (what === "dispose") {
    const dispose = {
      kind: "dispose",
      scope,
      trigger: "http",
      operation: "POST /dispose",
    } as const;
    void withAction(dispose, () => stream(response));
  } else {
    const isStream = what === "stream";
    void withRun({ name: "agent run", id, scope }, () =>
      isStream ? stream(response) : response.end("answered"),
    );
  }
});

server.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  console.log(`listening on http://127.0.0.1:${port}`);
});
