/**
 * The agent server as a process:
 *   PROVIDER_URL=http://127.0.0.1:4000 node dist/server.js
 * It ends, and exports what is left, on SIGTERM, on SIGINT and when its parent is gone.
 */
import { createServer } from "node:http";
import { listen } from "./http/listen.ts";
import { createRouter } from "./http/router.ts";
import { createInstanceStore, type Origin } from "./instance-store.ts";
import { createRoutes } from "./routes.ts";
import { startTelemetry } from "./telemetry.ts";

const providerUrl = process.env["PROVIDER_URL"];
if (providerUrl === undefined) throw new Error("expected PROVIDER_URL to name a model provider");

const telemetry = startTelemetry({
  receiverUrl: process.env["RECEIVER_URL"],
  incidentsFile: process.env["INCIDENTS_FILE"],
  incidents: process.env["INCIDENTS"] !== "off",
});
const store = createInstanceStore(providerUrl);
const server = createServer(createRouter(createRoutes(store)));

let ending = false;
const end = async (origin: Origin): Promise<void> => {
  if (ending) return;
  ending = true;
  server.close();
  await store.shutdown(origin);
  server.closeAllConnections();
  try {
    await telemetry.shutdown();
  } catch (error) {
    process.stderr.write(`agent server: not every span could be exported: ${error}\n`);
  }
  // An open channel to the parent would hold the process.
  if (process.connected) process.disconnect();
};

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void end({ trigger: "signal", signal }));
}
process.once("disconnect", () => void end({ trigger: "supervisor" }));

const url = await listen(server, Number(process.env["PORT"] ?? 0));
if (process.send === undefined) process.stdout.write(`agent server at ${url}\n`);
