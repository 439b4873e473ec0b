import { measureCalls } from "./calls/measure-calls.ts";
import type { Part } from "./command.ts";
import { measureDisposeAll } from "./dispose-all/measure-dispose-all.ts";
import type { Figure } from "./figure.ts";
import { measureIncidents } from "./incidents/measure-incidents.ts";
import { measureJournal } from "./journal/measure-journal.ts";
import { measureMemory } from "./memory/measure-memory.ts";
import { registerContextManager } from "./pipeline.ts";
import type { Sizes } from "./sizes.ts";
import { measureStartUp } from "./start-up/measure-start-up.ts";

/** Hears what is measured next. */
export type Progress = (step: string) => void;

/** Measures the parts one after the other, in this process; starts in others. */
export const measure = async (
  parts: readonly Part[],
  sizes: Sizes,
  progress: Progress,
): Promise<readonly Figure[]> => {
  registerContextManager();
  const figures: Figure[] = [];
  for (const part of parts) figures.push(...(await measurePart(part, sizes, progress)));
  return figures;
};

const measurePart = (
  part: Part,
  sizes: Sizes,
  progress: Progress,
): Promise<readonly Figure[]> | readonly Figure[] => {
  switch (part) {
    case "calls":
      return measureCalls(sizes.calls, progress);
    case "memory":
      return measureMemory(sizes.memory, progress);
    case "dispose-all":
      return measureDisposeAll(sizes, progress);
    case "incidents":
      return measureIncidents(sizes, progress);
    case "journal":
      return measureJournal(sizes, progress);
    case "start-up":
      return measureStartUp(sizes.startUp, progress);
  }
};
