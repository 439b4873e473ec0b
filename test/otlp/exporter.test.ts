import { once } from "node:events";
import { createServer } from "node:net";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";
import { createScope, lifecycleSnapshot, startRun, withAction, withRun } from "@otel-lifecycle/api";
import { LifecycleSpanProcessor } from "@otel-lifecycle/sdk";
import { expect, test } from "vitest";
import { sowField } from "../support/harvest.ts";

const scope = createScope({ kind: "instance" });

const disposeOne = (): void => {
  const run = startRun({ name: "agent run", id: "r1", scope });
  withAction({ kind: "dispose", scope, trigger: "http" }, () => undefined);
  run.fail(run.signal.reason);
};

test.each(["none", "gzip"] as const)(
  "the account is the same with compression %s",
  async (compression) => {
    const field = await sowField({ compression });
    disposeOne();
    const { account, spans } = await field.harvest();
    expect(spans.map((span) => span.name).sort()).toEqual([
      "agent run",
      "dispose instance",
      "interrupt agent run",
    ]);
    const [action] = account.actions;
    expect(account.runs).toMatchObject([
      {
        id: "r1",
        class: "lifecycle_action",
        confidence: "high",
        via: "error",
        actionId: action?.id,
      },
    ]);
    expect(action).toMatchObject({ kind: "dispose", closed: ["r1"], runs: { interrupted: 1 } });
  },
);

/** A port of this machine on which nobody listens. */
const closedPort = async (): Promise<number> => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
};

test("with nobody at the endpoint the host hears nothing of it, but from the SDK's own shutdown", async () => {
  const url = `http://127.0.0.1:${await closedPort()}/v1/traces`;
  const exporter = new OTLPTraceExporter({ url, timeoutMillis: 200 });
  const provider = new NodeTracerProvider({
    spanProcessors: [new LifecycleSpanProcessor(), new BatchSpanProcessor(exporter)],
  });
  provider.register();

  const result = await withRun({ name: "agent run", scope }, async () => "the host's own");
  const error = new Error("the host's own");
  const failing = withRun({ name: "agent run", scope }, () => Promise.reject(error));
  await expect(failing).rejects.toBe(error);
  disposeOne();
  startRun({ name: "left open", scope });

  expect(result).toBe("the host's own");
  // The SDK's to say, and no other reason than that.
  await expect(provider.shutdown()).rejects.toMatchObject({ code: "ECONNREFUSED" });
  expect(lifecycleSnapshot()).toMatchObject({ runs: 0, actions: 0 });
});
