import { constants } from "node:fs";
import { open } from "node:fs/promises";
import { join } from "node:path";
import { reportFailure } from "@otel-lifecycle/api/internal";
import { encodeRecord } from "../format/record.ts";
import { ACKNOWLEDGED_LOG } from "./read-index.ts";

/** Where a recovery takes down what it has exported, so that who comes after it does not repeat it. */
export interface Acknowledgements {
  /** One write. What cannot be written is exported again if this recovery does not come to its end. */
  add(numbers: readonly number[]): Promise<void>;
  close(): Promise<void>;
}

/** Of a journal that was taken over. Rejects where the file cannot be opened. */
export const openAcknowledgements = async (path: string): Promise<Acknowledgements> => {
  const { O_APPEND, O_CREAT, O_NOFOLLOW, O_WRONLY } = constants;
  const flags = O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW;
  const file = await open(join(path, ACKNOWLEDGED_LOG), flags, 0o600);
  // Behind what whoever died before us may have left torn.
  let before = LINE_FEED;
  return {
    add: async (numbers) => {
      try {
        await file.write(Buffer.concat([before, encodeRecord("A", 0, JSON.stringify(numbers))]));
        before = NOTHING;
      } catch (error) {
        before = LINE_FEED;
        reportFailure("acknowledgement of a recovery", error);
      }
    },
    close: () => file.close().catch(() => undefined),
  };
};

const LINE_FEED = Buffer.from("\n");
const NOTHING = Buffer.alloc(0);
