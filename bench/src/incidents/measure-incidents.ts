import type { Figure } from "../figure.ts";
import type { Progress } from "../measure.ts";
import type { Sizes } from "../sizes.ts";
import { measureLog } from "./measure-log.ts";
import { measureMassClose } from "./measure-mass-close.ts";
import { measureRecordedRuns } from "./measure-recorded-runs.ts";

/** What it costs that incidents are recorded, beside the same without. */
export const measureIncidents = async (
  sizes: Sizes,
  progress: Progress,
): Promise<readonly Figure[]> => [
  ...(await measureLog(sizes.log, progress)),
  ...(await measureRecordedRuns(sizes, progress)),
  ...(await measureMassClose(sizes, progress)),
];
