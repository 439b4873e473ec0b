import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A receiver in a process of its own. */
export interface ReceiverProcess {
  /** Where it takes spans. */
  readonly url: string;
  stop(): void;
}

export const startReceiverProcess = async (): Promise<ReceiverProcess> => {
  const child = fork(fileURLToPath(new URL("./receiver.js", import.meta.url)), { execArgv: [] });
  const [url] = (await once(child, "message")) as [string];
  return { url: `${url}/v1/traces`, stop: () => child.disconnect() };
};
