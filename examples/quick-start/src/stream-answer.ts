import { setInterval } from "node:timers/promises";

/** Stands for a model's answer that streams on until somebody stops it. */
export const streamAnswer = async (signal: AbortSignal): Promise<number> => {
  let parts = 0;
  for await (const _ of setInterval(20, undefined, { signal })) parts += 1;
  return parts;
};
