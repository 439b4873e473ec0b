/**
 * Two servers that know nothing of us, each started with one more flag, are terminated with
 * requests in flight. Prints who closed which request, and holds that against what was done.
 */
import { deepStrictEqual } from "node:assert";
import { once } from "node:events";
import { parseArgs } from "node:util";
import { type Receiver, renderAccount, startReceiver, toJson } from "why-closed";
import { type Exit, startDroppedIn } from "./dropped-in.ts";

const { values: options } = parseArgs({ options: { json: { type: "boolean", default: false } } });

const main = async (): Promise<void> => {
  show(await terminated(withoutGrace), {
    exit: { code: null, signal: "SIGTERM" },
    runs: { client_disconnect: 1, completed: 1, lifecycle_action: 3 },
    shutdown: { covered: 3, completed: 0, interrupted: 3 },
  });
  show(await terminated(withGrace), {
    exit: { code: 0, signal: null },
    runs: { completed: 2, lifecycle_action: 2 },
    shutdown: { covered: 3, completed: 1, interrupted: 2 },
  });
};

/** Terminated with three streams in flight, it dies at once, as it does without us. */
const withoutGrace = async (endpoint: string): Promise<Exit> => {
  const server = await startDroppedIn("http-server.js", endpoint);
  await server.request("/health", { whole: true });
  const left = await server.request("/stream");
  left.destroy();
  await once(left, "close");
  await Promise.all([1, 2, 3].map(() => server.request("/stream")));
  server.terminate();
  return server.exited;
};

/** Of three requests in flight one finishes while it drains, two streams do not. */
const withGrace = async (endpoint: string): Promise<Exit> => {
  const server = await startDroppedIn("fastify-server.js", endpoint);
  await server.request("/health", { whole: true });
  await Promise.all(["/stream", "/stream", "/news"].map((path) => server.request(path)));
  server.terminate();
  return server.exited;
};

/** What is to be told of a server, all of it. */
interface Expected {
  readonly exit: Exit;
  /** How many requests were closed by what, or completed. */
  readonly runs: Readonly<Record<string, number>>;
  /** What the shutdown counts. */
  readonly shutdown: Readonly<Record<string, number>>;
}

interface Terminated {
  readonly exit: Exit;
  readonly receiver: Receiver;
}

const terminated = async (drive: (endpoint: string) => Promise<Exit>): Promise<Terminated> => {
  const receiver = await startReceiver({ port: 0 });
  try {
    return { exit: await drive(receiver.url), receiver };
  } finally {
    await receiver.close();
  }
};

const show = ({ exit, receiver }: Terminated, expected: Expected): void => {
  const account = receiver.account();
  const told = toJson(account);
  const runs: Record<string, number> = {};
  for (const { class: closedBy, result } of told.runs) {
    runs[closedBy ?? result] = (runs[closedBy ?? result] ?? 0) + 1;
  }
  const actions = told.actions.map(({ kind, scope, trigger, signal, result, runs }) => {
    const { covered, completed, interrupted } = runs;
    return { kind, scope, trigger, signal, result, runs: { covered, completed, interrupted } };
  });
  const text = options.json ? `${JSON.stringify(told, null, 2)}\n` : renderAccount(account);
  process.stdout.write(`${text}\n`);
  deepStrictEqual(
    { exit, runs, actions },
    { exit: expected.exit, runs: expected.runs, actions: [shutdownOf(expected)] },
  );
};

const shutdownOf = ({ shutdown }: Expected) => ({
  kind: "shutdown",
  scope: "process",
  trigger: "signal",
  signal: "SIGTERM",
  result: "completed",
  runs: shutdown,
});

try {
  await main();
} catch (error) {
  process.exitCode = 1;
  process.stderr.write(`drop-in: ${error instanceof Error ? error.message : error}\n`);
}
