import { expect, test, vi } from "vitest";
import { disposeThreeDirectories } from "../otlp/three-directories.ts";
import { startApplication } from "./support/application.ts";
import { startBackend } from "./support/backend.ts";
import { describeWith } from "./support/binary.ts";
import { type Collector, type CollectorOptions, startCollector } from "./support/collector.ts";
import { byId, isEvidence, withoutSchema } from "./support/evidence.ts";
import { scrape, total } from "./support/prometheus.ts";

/** The same Collector again, on its ports and with its folder. */
const restart = (one: Collector, options: CollectorOptions): Promise<Collector> =>
  startCollector({ ...options, ports: one.ports, stateDir: one.stateDir });

/** The ordinary spans that a gateway has put into their queue so far. */
const batched = async (gateway: Collector): Promise<number> =>
  total(
    await scrape(`http://127.0.0.1:${gateway.ports.self}/metrics`),
    "otelcol_processor_batch_batch_send_size_sum",
  );

describeWith(["otelcol"], "with the backend down, then the Collector ended, then both back", () => {
  for (const signal of ["SIGKILL", "SIGTERM"] as const) {
    test(`the gateway delivers every span it had accepted, each once: ${signal}`, async () => {
      const backend = await startBackend();
      const options = {
        configs: ["gateway.yaml"],
        env: { LIFECYCLE_BACKEND: backend.url, LIFECYCLE_SAMPLING_PERCENTAGE: "100" },
      };
      const gateway = await startCollector(options);
      await backend.close();
      const application = await startApplication({ url: gateway.url });
      await disposeThreeDirectories();
      await application.flush();
      const sent = application.sent();
      // Ordinary spans are answered for before they are in their queue, evidence is not.
      const ordinary = sent.filter((span) => !isEvidence(span)).length;
      await vi.waitFor(async () => expect(await batched(gateway)).toBe(ordinary), {
        timeout: 10_000,
        interval: 50,
      });
      await gateway.stop(signal);

      const back = await startBackend(backend.port);
      await restart(gateway, options);
      await vi.waitFor(() => expect(back.spans().length).toBeGreaterThanOrEqual(sent.length), {
        timeout: 15_000,
      });
      const arrived = back.spans();
      expect(byId(arrived.filter(isEvidence))).toEqual(byId(sent.filter(isEvidence)));
      expect(byId(arrived.filter((span) => !isEvidence(span)))).toEqual(
        byId(sent.filter((span) => !isEvidence(span)).map(withoutSchema)),
      );
    });

    test(`the agent too, with its gateway down: ${signal}`, async () => {
      const backend = await startBackend();
      const gatewayOptions = {
        configs: ["gateway.yaml"],
        env: { LIFECYCLE_BACKEND: backend.url, LIFECYCLE_SAMPLING_PERCENTAGE: "0" },
      };
      const gateway = await startCollector(gatewayOptions);
      const agentOptions = {
        configs: ["agent.yaml"],
        env: { LIFECYCLE_GATEWAY: `127.0.0.1:${gateway.ports.grpc}` },
      };
      const agent = await startCollector(agentOptions);
      await gateway.stop("SIGKILL");
      const application = await startApplication({ url: agent.url });
      await disposeThreeDirectories();
      await application.flush();
      await agent.stop(signal);

      await restart(gateway, gatewayOptions);
      await restart(agent, agentOptions);
      const evidence = byId(application.sent().filter(isEvidence));
      await vi.waitFor(
        () => expect(backend.spans().filter(isEvidence).length).toBeGreaterThanOrEqual(39),
        { timeout: 15_000 },
      );
      expect(byId(backend.spans().filter(isEvidence))).toEqual(evidence);
    });
  }
});
