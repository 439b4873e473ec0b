import { guarded, type RunJournal, registry } from "@otel-lifecycle/api/internal";
import { warn } from "../../position.ts";
import type { JournalFolder } from "../folder/folder.ts";
import type { Journal, JournalOptions } from "../journal.ts";
import { openLog } from "../log/open-log.ts";
import { recoverInto } from "../recovery/recover.ts";
import type { RecoveryOptions } from "../recovery/recovery.ts";
import type { SpanExporter } from "../sdk-export.ts";
import { watchExit } from "./exit-watch.ts";
import { createExports } from "./exports.ts";
import { writeHeader } from "./header.ts";
import { INERT } from "./inert.ts";
import { DEFAULT_MAX_BYTES } from "./journal-options.ts";
import { createQueues } from "./queues.ts";
import { createRunJournal } from "./run-journal.ts";
import { createSecondWay } from "./second-way.ts";
import { createSources } from "./sources.ts";

/** The journal in a folder that was just made. */
export const createJournal = (folder: JournalFolder, options: JournalOptions): Journal => {
  const { processor, maxBytes = DEFAULT_MAX_BYTES, syncIntervalMs } = options;
  const undo: (() => void)[] = [];
  const stopping = new AbortController();
  let isOver = false;
  const end = (isNeeded: boolean): void => {
    isOver = true;
    stopping.abort();
    for (const step of undo.splice(0)) guarded(WHAT, step);
    if (!isNeeded) folder.remove();
    folder.leave();
  };
  const onOff = (reason: string, error?: unknown): void => {
    if (isOver) return;
    end(false);
    warn(`journal: off from now on, because ${reason}${nameOf(error)}. Nothing is taken down.`);
  };
  const log = openLog({ path: folder.path, maxBytes, syncIntervalMs, onOff });
  if (!log.isOn) return INERT;
  const secondWay = createSecondWay(log, folder.path);
  undo.push(secondWay.stop);
  const sources = createSources(log);
  const parts = { log, processor, sources, secondWay, queues: createQueues() };
  const isNeeded = (): boolean => log.size.spans > 0;
  const exports = createExports(parts);
  const close = (): void => {
    if (isOver) return;
    const needed = isNeeded();
    log.close();
    end(needed);
  };
  const finish = (): void => {
    exports.spillWaiting();
    // What is needed stays open: other listeners may end runs after this one.
    if (!isNeeded()) close();
  };
  const recover = <T>(exporter: SpanExporter<T>, given: RecoveryOptions = {}) =>
    recoverInto(folder, exporter, { ...given, signal: either(stopping.signal, given.signal) });
  let mayRecover = options.recover !== false;

  const header = writeHeader(log);
  // A disk that is full takes a file, and no word in it.
  if (!log.isOn) return INERT;
  undo.push(install(createRunJournal({ ...parts, header })));
  if (options.watchExit !== false) {
    undo.push(watchExit({ isInFlight: () => processor.hasOpenSpans(), finish }));
  }
  return {
    get path() {
      return isOver ? undefined : folder.path;
    },
    get isNeeded() {
      return isNeeded();
    },
    through: (exporter) => {
      if (isOver) return exporter;
      if (mayRecover) setImmediate(() => void guarded(WHAT, () => recover(exporter))).unref();
      mayRecover = false;
      return exports.through(exporter);
    },
    recover: (exporter, given) => (isOver ? INERT : { recover }).recover(exporter, given),
    spill: (spans) => (isOver ? 0 : exports.spill(spans)),
    close,
  };
};

const WHAT = "journal";

const install = (journal: RunJournal): (() => void) => {
  registry.journal = journal;
  return () => {
    if (registry.journal === journal) registry.journal = undefined;
  };
};

const either = (one: AbortSignal, other: AbortSignal | undefined): AbortSignal =>
  other === undefined ? one : AbortSignal.any([one, other]);

const nameOf = (error: unknown): string => {
  const { code, name } = Object(error);
  const text = typeof code === "string" ? code : name;
  return typeof text === "string" ? ` (${text.slice(0, 64)})` : "";
};
