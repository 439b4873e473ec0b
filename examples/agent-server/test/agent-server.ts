import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { type Receiver, startReceiver } from "why-closed";

export interface AgentServer {
  readonly url: string;
  readonly providerUrl: string;
  readonly process: ChildProcess;
  /** What it exports to. */
  readonly receiver: Receiver;
  readonly stop: () => Promise<void>;
}

/**
 * The built server and provider as processes, and a receiver for what they export. `env` is the
 * server's, besides what it needs.
 */
export const startAgentServer = async (env: NodeJS.ProcessEnv = {}): Promise<AgentServer> => {
  const receiver = await startReceiver({ port: 0 });
  const provider = start("provider", {});
  const providerUrl = await urlOf(provider);
  const server = start("server", {
    PROVIDER_URL: providerUrl,
    RECEIVER_URL: receiver.url,
    ...env,
  });
  return {
    url: await urlOf(server),
    providerUrl,
    process: server,
    receiver,
    stop: async () => {
      for (const child of [server, provider]) await ended(child);
      await receiver.close();
    },
  };
};

const start = (name: string, env: NodeJS.ProcessEnv): ChildProcess =>
  fork(new URL(`../dist/${name}.js`, import.meta.url), {
    env: { ...process.env, OTEL_EXPORTER_OTLP_ENDPOINT: undefined, ...env },
  });

const urlOf = async (child: ChildProcess): Promise<string> => {
  const [message] = await once(child, "message");
  return message.url;
};

const ended = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  if (child.connected) child.disconnect();
  await exit;
};
