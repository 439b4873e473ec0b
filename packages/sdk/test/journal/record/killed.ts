import { cpSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-node";
import { recoverJournals } from "../../../src/journal/recovery/recover.ts";
import { createExporter, newDirectory } from "./journalling.ts";

/** What a recovery would export if the process were killed now: from a copy, which nobody listens for. */
export const killedNow = async (path: string | undefined): Promise<readonly ReadableSpan[]> => {
  if (path === undefined) throw new Error("expected a journal that is open");
  const directory = newDirectory();
  const into = join(directory, basename(path));
  for (const name of readdirSync(path).filter((one) => one.endsWith(".log"))) {
    cpSync(join(path, name), join(into, name), { preserveTimestamps: true });
  }
  const { exporter, batches } = createExporter(0);
  const { isComplete } = await recoverJournals(directory, exporter);
  if (!isComplete) throw new Error("expected a journal of which nothing is left");
  return batches.flatMap(({ spans }) => spans);
};

/** The attributes of one of them, by its name. */
export const attributesOf = (spans: readonly ReadableSpan[], name: string) =>
  spans.find((span) => span.name === name)?.attributes ?? {};
