import { request } from "node:https";
import { type AddressInfo, connect } from "node:net";
import {
  type ConnectionOptions,
  createServer,
  type TlsOptions,
  connect as tlsConnect,
} from "node:tls";
import { expect, onTestFinished, test, vi } from "vitest";
import { disposeThreeDirectories } from "../otlp/three-directories.ts";
import { startApplication } from "./support/application.ts";
import { type Backend, startBackend } from "./support/backend.ts";
import { describeWith } from "./support/binary.ts";
import { makeCertificates } from "./support/certificates.ts";
import { startCollector } from "./support/collector.ts";
import { editedConfig } from "./support/edited-config.ts";
import { byId, isEvidence } from "./support/evidence.ts";

/** The error or the status of a request to a gateway with TLS. */
const ask = (url: string, options: object): Promise<string | number> =>
  new Promise((resolve) => {
    const asked = request(`${url}/v1/traces`, { method: "POST", ...options }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asked.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    asked.setHeader("content-type", "application/json");
    asked.end("{}");
  });

/** The error of a connection of HTTP/2 with TLS, or that the other end has begun to speak. */
const knock = (port: number, options: ConnectionOptions): Promise<string> =>
  new Promise((resolve) => {
    const socket = tlsConnect({ port, host: "127.0.0.1", ALPNProtocols: ["h2"], ...options });
    socket.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.on("close", () => resolve("closed"));
    socket.once("secureConnect", () =>
      socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u0004\0\0\0\0\0"),
    );
    socket.once("data", () => {
      resolve("taken");
      socket.destroy();
    });
  });

/** TLS in front of a backend that has none; gives the address. */
const startTls = async (backend: Backend, certificate: TlsOptions): Promise<string> => {
  const server = createServer(certificate, (socket) => {
    const plain = connect(backend.port, "127.0.0.1");
    socket.on("error", () => plain.destroy());
    plain.on("error", () => socket.destroy());
    socket.pipe(plain).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

describeWith(["otelcol"], "with the lines for TLS switched on", () => {
  test("the gateway takes a client whose certificate its authority signed, no other, and nothing below TLS 1.3", async () => {
    const certificates = makeCertificates();
    const strangers = makeCertificates();
    const backend = await startBackend();
    const gateway = await startCollector({
      configs: [editedConfig("gateway.yaml", { on: ["TLS"] })],
      env: { LIFECYCLE_BACKEND: backend.url, LIFECYCLE_TLS_DIR: certificates.folder },
    });
    const url = gateway.url.replace("http:", "https:");
    const ca = certificates.read("ca.crt");
    const own = { ca, cert: certificates.read("client.crt"), key: certificates.read("client.key") };
    const foreign = { ca, cert: strangers.read("client.crt"), key: strangers.read("client.key") };

    expect([
      await ask(url, own),
      await ask(url, { ca }),
      await ask(url, foreign),
      await ask(url, { ...own, maxVersion: "TLSv1.2" }),
    ]).toEqual([
      200,
      "ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED",
      expect.stringContaining("ERR_SSL_"),
      "EPROTO",
    ]);
    const plain = await fetch(`${gateway.url}/v1/traces`, { method: "POST", body: "{}" });
    expect(plain.status).toBe(400);

    const application = await startApplication({ url, tls: own });
    await disposeThreeDirectories();
    await application.flush();
    const evidence = byId(application.sent().filter(isEvidence));
    await vi.waitFor(() => expect(byId(backend.spans().filter(isEvidence))).toEqual(evidence), {
      timeout: 10_000,
    });
  });

  test.each(["gateway.yaml", "gateway-scaled.yaml"])(
    "%s takes, on either port, a client that its authority signed, no other, and nothing below TLS 1.3",
    async (file) => {
      const certificates = makeCertificates();
      const strangers = makeCertificates();
      const off = file === "gateway.yaml" ? [] : ["PLAIN"];
      const { ports } = await startCollector({
        configs: [editedConfig(file, { on: ["TLS"], off })],
        env: { LIFECYCLE_TLS_DIR: certificates.folder },
      });
      const ca = certificates.read("ca.crt");
      const key = certificates.read("client.key");
      const own = { ca, cert: certificates.read("client.crt"), key };
      const foreign = { ca, cert: strangers.read("client.crt"), key: strangers.read("client.key") };
      const refused = expect.stringMatching(/^(?:ERR_SSL_|EPROTO)/);
      for (const port of [ports.grpc, ports.http]) {
        expect([
          await knock(port, own),
          await knock(port, { ca }),
          await knock(port, foreign),
          await knock(port, { ...own, maxVersion: "TLSv1.2" }),
        ]).toEqual(["taken", refused, refused, refused]);
      }
    },
  );

  test("agent, first tier and gateway trust each other by certificate over gRPC, and a backend by a private authority", async () => {
    const { folder, read } = makeCertificates();
    const backend = await startBackend();
    const shield = await startTls(backend, { cert: read("server.crt"), key: read("server.key") });
    const tls = { LIFECYCLE_TLS_DIR: folder };
    const gateway = await startCollector({
      configs: [editedConfig("gateway.yaml", { on: ["TLS", "BACKEND_CA"] })],
      env: { LIFECYCLE_BACKEND: shield, ...tls },
    });
    const tier = await startCollector({
      configs: [editedConfig("gateway-scaled.yaml", { on: ["TLS"], off: ["PLAIN"] })],
      env: { LIFECYCLE_GATEWAYS: `["127.0.0.1:${gateway.ports.grpc}"]`, ...tls },
    });
    const agent = await startCollector({
      configs: [editedConfig("agent.yaml", { on: ["TLS"], off: ["PLAIN"] })],
      env: { LIFECYCLE_GATEWAY: `127.0.0.1:${tier.ports.grpc}`, ...tls },
    });
    const application = await startApplication({ url: agent.url });
    await disposeThreeDirectories();
    await application.flush();

    const evidence = byId(application.sent().filter(isEvidence));
    await vi.waitFor(() => expect(byId(backend.spans().filter(isEvidence))).toEqual(evidence), {
      timeout: 15_000,
    });
  });
});
