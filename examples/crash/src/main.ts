/**
 * A server is killed with runs in flight, and started again. Prints what the second start exports
 * of the first, and holds that against what was done.
 */
import { deepStrictEqual } from "node:assert";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { parseArgs } from "node:util";
import {
  type Account,
  type AccountJson,
  type Receiver,
  renderAccount,
  startReceiver,
  toJson,
} from "why-closed";
import { startServer, type Telemetry } from "./server-process.ts";

const { values: options } = parseArgs({ options: { json: { type: "boolean", default: false } } });

const main = async (): Promise<void> => {
  const receiver = await startReceiver({ port: 0 });
  const journal = mkdtempSync(join(tmpdir(), "crash-"));
  try {
    const telemetry: Telemetry = { endpoint: receiver.url, journal };
    const signal = await killedInFlight(telemetry);
    const left = readdirSync(journal).length;
    const account = await recovered(telemetry, receiver);
    const json = `${JSON.stringify(toJson(account), null, 2)}\n`;
    process.stdout.write(options.json ? json : renderAccount(account));
    deepStrictEqual({ signal, left, ...told(toJson(account)) }, EXPECTED);
  } finally {
    await receiver.close();
    rmSync(journal, { recursive: true });
  }
};

/** One run has been answered, two stream, and a third is being stopped: then the process is gone. */
const killedInFlight = async (telemetry: Telemetry): Promise<NodeJS.Signals | null> => {
  const server = await startServer(telemetry);
  const paths = ["/one/answer/r1", "/one/stream/r2", "/one/stream/r3", "/two/stream/r4"];
  for (const path of [...paths, "/two/dispose"]) await server.request(path);
  return server.kill();
};

/** The next start sends it by itself; it has nothing else to do here. */
const recovered = async (telemetry: Telemetry, receiver: Receiver) => {
  const server = await startServer(telemetry);
  const isTold = ({ runs, actions }: Account): boolean => runs.length === 4 && actions.length === 1;
  for (let asked = 0; asked < 500 && !isTold(receiver.account()); asked += 1) await setTimeout(20);
  const account = receiver.account();
  await server.kill();
  return account;
};

const told = ({ actions, runs }: AccountJson) => ({
  runs: Object.fromEntries(
    runs.map(({ id, result, class: closedBy, recovered: isRecovered }) => [
      id,
      [result, closedBy, isRecovered],
    ]),
  ),
  actions: actions.map(({ kind, operation, result, closed }) => ({
    kind,
    operation,
    result,
    closed,
  })),
});

const EXPECTED = {
  signal: "SIGKILL",
  left: 1,
  runs: {
    r1: ["completed", null, null],
    r2: ["lost", "process_lost", true],
    r3: ["lost", "process_lost", true],
    r4: ["lost", "lifecycle_action", true],
  },
  actions: [{ kind: "dispose", operation: "POST /dispose", result: "unsettled", closed: ["r4"] }],
};

try {
  await main();
} catch (error) {
  process.exitCode = 1;
  process.stderr.write(`crash: ${error instanceof Error ? error.message : error}\n`);
}
