import { type Account, isClosed } from "../account/account.ts";
import type { IncidentAccount } from "../account/incident-account.ts";
import type { LossAccount } from "../account/loss-account.ts";
import type { RunAccount } from "../account/run-account.ts";
import type {
  Picture,
  PictureAction,
  PictureIncident,
  PictureLoss,
  PictureRun,
} from "../browser/picture.ts";
import { lossText } from "../render/loss-words.ts";
import { screenText } from "../render/screen-text.ts";
import { type ActionEntry, actionEntriesOf } from "./action-entries.ts";
import { identityOf, type Origin, originOf, textOf } from "./span-fields.ts";

// A browser parses and filters so many without a pause that is felt; the file has some 30 MB.
const MOST_RUNS = 100_000;
const MOST_ACTIONS = 20_000;
const MOST_MISSING = 5;
const LONGEST_SUMMARY = 160;
// No clock measured more, and of some that are longer JSON has no number of milliseconds.
const LONGEST_INTERRUPT_SECONDS = 6e10;

/**
 * What a page draws of an account: at most 100,000 runs and 20,000 actions, the rest counted.
 * Completed runs make room first, then the latest.
 */
export function pictureOf(account: Account): Picture {
  const origin = originOf(account);
  const entries = actionEntriesOf(account);
  const kept = entries.slice(0, MOST_ACTIONS);
  const indexes = new Map(kept.map(({ id }, index) => [id, index]));
  const runs = mostTelling(account.runs);
  return {
    origin: origin.toString(),
    actions: kept.map((entry) => pictureAction(entry, origin)),
    runs: runs.map((run) => pictureRun(run, origin, indexes)),
    inherited: account.inherited,
    leftOut: {
      actions: entries.length - kept.length,
      runs: account.runs.length - runs.length,
    },
  };
}

function mostTelling(runs: readonly RunAccount[]): readonly RunAccount[] {
  if (runs.length <= MOST_RUNS) return runs;
  const closed = runs.filter(isClosed).slice(0, MOST_RUNS);
  const chosen = new Set<RunAccount>(closed);
  for (const run of runs) {
    if (chosen.size >= MOST_RUNS) break;
    chosen.add(run);
  }
  return runs.filter((run) => chosen.has(run));
}

function pictureAction(entry: ActionEntry, origin: Origin): PictureAction {
  const { depth, outcome } = entry;
  if (entry.type === "absent") {
    const { id, kind, trigger } = entry.action;
    return {
      id: textOf.id(id),
      depth,
      outcome,
      absent: true,
      ...textOf.all({ kind, trigger }),
    };
  }
  const { kind, trigger, operation, signal, result, errorType } = entry.action;
  return {
    ...identityOf(entry.action, origin),
    depth,
    outcome,
    ...textOf.all({ kind, trigger, operation, signal, result, errorType }),
  };
}

function pictureRun(
  run: RunAccount,
  origin: Origin,
  indexes: ReadonlyMap<string, number>,
): PictureRun {
  const identity = { ...identityOf(run, origin), name: textOf.name(run.name) };
  if (run.type === "completed") return { ...identity, result: "completed" };
  const { close } = run;
  const action = close.action === undefined ? undefined : indexes.get(close.action.id);
  const { interruptSeconds } = close;
  const isTimed =
    interruptSeconds !== undefined &&
    interruptSeconds >= 0 &&
    interruptSeconds < LONGEST_INTERRUPT_SECONDS;
  return {
    ...identity,
    result: textOf.name(run.result),
    // Without one it is not known either what closed it.
    class: textOf.name(close.class ?? "unknown_scope_close"),
    ...textOf.all({ confidence: close.confidence, via: close.via, errorType: close.errorType }),
    ...(action === undefined ? {} : { action }),
    ...(close.missing.length === 0
      ? {}
      : { missing: close.missing.slice(0, MOST_MISSING).map(textOf.name) }),
    ...(isTimed ? { interrupt: Math.round(interruptSeconds * 1e6) / 1e3 } : {}),
    ...(close.recovered ? { recovered: true } : {}),
    ...(run.incident === undefined ? {} : { incident: pictureIncident(run.incident) }),
    ...(run.loss === undefined ? {} : { loss: pictureLoss(run.loss) }),
  };
}

function pictureIncident({
  summary,
  cause,
  subcause,
  phase,
  recommendation,
}: IncidentAccount): PictureIncident {
  return {
    summary: screenText(summary, LONGEST_SUMMARY),
    ...textOf.all({ cause, subcause, phase, recommendation }),
  };
}

function pictureLoss(loss: LossAccount): PictureLoss {
  const { reason, source, signal, exitCode, terminationReason } = loss;
  return {
    reason: textOf.name(reason),
    ...textOf.all({ words: lossText(loss), source, signal, terminationReason }),
    ...(exitCode === undefined || !Number.isFinite(exitCode) ? {} : { exitCode }),
  };
}
