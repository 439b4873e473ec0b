import type { ServerResponse } from "node:http";
import { setInterval } from "node:timers/promises";

/** Answers with a word now and then, until the client has gone. */
export const stream = async (response: ServerResponse): Promise<void> => {
  for await (const _ of setInterval(20)) {
    if (response.destroyed) return;
    response.write("word ");
  }
};
