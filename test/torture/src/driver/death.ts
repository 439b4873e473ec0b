import { existsSync, readFileSync } from "node:fs";
import { historyOf } from "../truth/history.ts";
import type { Life } from "../truth/life.ts";
import { heldSpans } from "./held-spans.ts";
import { holdStill, type ServerProcess } from "./server-process.ts";

/** The deaths of a trial, one after the other, each with a look at the journals while nobody moves. */
export interface Deaths {
  readonly lives: ReadonlyMap<number, Life>;
  /** Sends SIGKILL, unless it is gone, and takes down what its death found. */
  kill(server: ServerProcess): Promise<void>;
  /** The same for one that goes by itself. */
  awaited(server: ServerProcess): Promise<void>;
}

/** `living` are all servers that may live. */
export const createDeaths = (directory: string, living: ReadonlySet<ServerProcess>): Deaths => {
  const lives = new Map<number, Life>();
  let last = Promise.resolve();
  const othersOf = (server: ServerProcess): readonly ServerProcess[] =>
    [...living].filter((other) => other !== server && !other.isGone);
  const note = async (server: ServerProcess): Promise<void> => {
    const endedItself = (await server.gone) !== "SIGKILL";
    // Where one ended by itself the others have not stood still.
    const isAsItWas = !endedItself || othersOf(server).length === 0;
    const held = isAsItWas ? heldSpans(directory) : undefined;
    // One that was killed while Node was starting has done nothing.
    const told = existsSync(server.side) ? readFileSync(server.side, "utf8") : "";
    const history = historyOf(told);
    lives.set(server.process, {
      process: server.process,
      history,
      diedAt: Date.now(),
      endedItself,
      held,
    });
  };
  const killNow = async (server: ServerProcess): Promise<void> => {
    if (server.isGone) return;
    const others = othersOf(server);
    await Promise.all(others.map(holdStill));
    server.signal("SIGKILL");
    await note(server);
    for (const other of others) other.signal("SIGCONT");
  };
  return {
    lives,
    kill(server) {
      last = last.then(() => killNow(server));
      return last;
    },
    async awaited(server) {
      await server.gone;
      await last;
      if (!lives.has(server.process)) await note(server);
    },
  };
};
