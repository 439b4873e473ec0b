import { setTimeout as delay } from "node:timers/promises";
import type { Phase } from "../agent-run.ts";

/** How long a run may take to get where it is waited for, in milliseconds. */
const PATIENCE_MS = 10_000;
const POLL_MS = 10;

export interface MessageRequest {
  readonly id: string;
  readonly model: string;
  readonly prompt: string;
  readonly timeoutMs?: number | undefined;
  readonly connectMs?: number | undefined;
  readonly silenceMs?: number | undefined;
}

/** What a client of the agent server does, over HTTP. */
export interface AgentClient {
  readonly openSession: (directory: string) => Promise<string>;
  readonly sendMessage: (session: string, message: MessageRequest) => Promise<void>;
  readonly stop: (run: string) => Promise<void>;
  readonly abort: (run: string) => Promise<void>;
  /** Asks for a lifecycle operation and gives the id of its action. */
  readonly close: (path: string, directory?: string) => Promise<string>;
  /** Waits until the run is in that phase. Throws when it ended before, or never got there. */
  readonly until: (run: string, phase: Phase) => Promise<void>;
  /** The names of the errors that runs ended with, and how many did. */
  readonly errors: () => Promise<string>;
}

export const createAgentClient = (url: string, signal: AbortSignal): AgentClient => {
  const request = async (path: string, init?: RequestInit): Promise<unknown> => {
    const response = await fetch(`${url}${path}`, { ...init, signal }).catch((cause: unknown) => {
      throw new Error("the agent server does not answer", { cause });
    });
    if (response.ok) return response.json();
    throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
  };
  const post = (path: string, body: object): Promise<unknown> =>
    request(path, { method: "POST", body: JSON.stringify(body) });

  const runs = async (): Promise<Fields[]> => listOf(await request("/runs"));

  const until = async (id: string, phase: Phase): Promise<void> => {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      const run = (await runs()).find((one) => one["id"] === id);
      const seen = run?.["phase"];
      if (seen === phase) return;
      if (seen === "ended" || Date.now() > deadline) {
        throw new Error(`expected run ${id} to be "${phase}", it is "${seen}"`);
      }
      await delay(POLL_MS, undefined, { signal });
    }
  };

  return {
    openSession: async (directory) => text(await post("/sessions", { directory }), "id"),
    sendMessage: async (session, message) => {
      await post(`/sessions/${session}/messages`, message);
    },
    stop: async (run) => {
      await post(`/runs/${run}/stop`, {});
    },
    abort: async (run) => {
      await post(`/runs/${run}/abort`, {});
    },
    close: async (path, directory) =>
      text(await post(path, directory === undefined ? {} : { directory }), "action"),
    until,
    errors: async () => {
      const counts = new Map<string, number>();
      for (const { error } of await runs()) {
        if (typeof error === "string") counts.set(error, (counts.get(error) ?? 0) + 1);
      }
      return [...counts].map(([name, count]) => `${count} ${name}`).join(", ");
    },
  };
};

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;

const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? value.filter(isFields) : []);

const text = (value: unknown, name: string): string => {
  const field = isFields(value) ? value[name] : undefined;
  if (typeof field === "string") return field;
  throw new Error(`expected the server's answer to have a "${name}"`);
};
