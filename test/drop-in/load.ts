import { EventEmitter, once } from "node:events";
import { Agent, get, type IncomingMessage } from "node:http";
import { setTimeout } from "node:timers/promises";

/** Requests that are held open against a server. */
export interface Load {
  /** Resolves once every stream is open and others have come and gone for a while. */
  readonly atFull: Promise<void>;
  /** Lets go of everything. */
  readonly stop: () => Promise<void>;
}

/** How many requests are open at any time, of each kind. */
const OPEN = { stream: 200, short: 60, left: 40 } as const;
/** How many of each kind have come and gone before the load is at full. */
const TURNS = { short: 300, left: 100 } as const;

/**
 * Holds 300 requests open against a server: streams without an end, short ones of which each is
 * followed by another, and some whose client goes away in the middle. One half comes over
 * connections that are kept alive, the other over new ones. Every path is asked for once.
 */
export const holdOpen = (url: string): Load => {
  const agents = [new Agent({ keepAlive: true }), new Agent({ keepAlive: false })] as const;
  const counts = { stream: 0, short: 0, left: 0 };
  const full = new EventEmitter();
  const atFull = once(full, "reached").then(() => undefined);
  let serial = 0;
  let isStopped = false;

  const count = (kind: keyof typeof OPEN): void => {
    counts[kind] += 1;
    const { stream, short, left } = counts;
    if (stream >= OPEN.stream && short >= TURNS.short && left >= TURNS.left) {
      full.emit("reached");
    }
  };
  const slot = async (kind: keyof typeof OPEN, index: number): Promise<void> => {
    while (!isStopped) {
      const agent = agents[index % 2] ?? agents[0];
      serial += 1;
      // Refused or cut off by a server that goes away: until it is gone there are others.
      await exchange(`${url}/${kind}/${serial}`, { kind, agent, count }).catch(() =>
        setTimeout(10),
      );
    }
  };
  const slots = Object.entries(OPEN).flatMap(([kind, number]) =>
    Array.from({ length: number }, (_, index) => slot(kind as keyof typeof OPEN, index)),
  );

  return {
    atFull,
    stop: async () => {
      isStopped = true;
      for (const agent of agents) agent.destroy();
      await Promise.all(slots);
    },
  };
};

interface Exchange {
  readonly kind: keyof typeof OPEN;
  readonly agent: Agent;
  readonly count: (kind: keyof typeof OPEN) => void;
}

/** One request; settles when nothing is to be expected of it any more. */
const exchange = (url: string, { kind, agent, count }: Exchange): Promise<void> =>
  new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response: IncomingMessage) => {
      response.on("error", reject).on("close", resolve);
      response.once("data", () => {
        if (kind === "stream") count(kind);
        if (kind === "left") request.destroy();
      });
      response.once("close", () => kind !== "stream" && count(kind));
    });
    request.on("error", reject);
  });
