import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { type Receiver, startReceiver } from "why-closed";

export interface AgentServer {
  readonly url: string;
  readonly process: ChildProcess;
  /** What it exports to. */
  readonly receiver: Receiver;
  readonly stop: () => Promise<void>;
}

/** The built server and provider as processes, and a receiver for what they export. */
export const startAgentServer = async (): Promise<AgentServer> => {
  const receiver = await startReceiver({ port: 0 });
  const provider = start("provider", {});
  const server = start("server", {
    PROVIDER_URL: await urlOf(provider),
    RECEIVER_TRACES_URL: `${receiver.url}/v1/traces`,
  });
  return {
    url: await urlOf(server),
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
