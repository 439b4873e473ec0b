import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { onTestFinished } from "vitest";

/** Writes journals as a process leaves them that was killed, by the sdk's FORMAT.md. */

/** What a journal holds besides a header and one source. */
export interface DeadJournal {
  /** Open runs, by the ids that the application gave them. */
  readonly open?: readonly string[];
  /** Runs that had completed and were not sent. */
  readonly ended?: readonly string[];
  readonly host?: string;
  readonly boot?: string;
  readonly pid?: number;
  readonly version?: number;
  readonly tornLines?: number;
}

/** When they all were seen last: the 1,700,000,005th second after the epoch. */
const LAST_SEEN_S = 1_700_000_005;

/** A directory for journals, that goes when the test ends. */
export function journalDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "journals-"));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

let journals = 0;

/** Leaves a journal in a directory. Gives its path. */
export function leaveJournal(directory: string, journal: DeadJournal = {}): string {
  const path = join(directory, `dead${String(++journals).padStart(16, "0")}`);
  mkdirSync(path, { mode: 0o700 });
  const segment = join(path, "00000001.log");
  writeFileSync(segment, linesOf(journal).join(""), { mode: 0o600 });
  utimesSync(segment, LAST_SEEN_S, LAST_SEEN_S);
  return path;
}

function linesOf(journal: DeadJournal): readonly string[] {
  const { open = [], ended = [], tornLines = 0 } = journal;
  const { version: v = 1, host = hostname(), boot, pid = 4711 } = journal;
  const resource = { attributes: { "service.name": "shop" } };
  return [
    line("H0", { v, host, ...(boot && { boot }), pid, thread: 0, opened: LAST_SEEN_S * 1000 }),
    line("S1", { resource, scope: { name: "@otel-lifecycle/api" } }),
    ...open.map((id, at) => line(`B${at + 2}`, beginning(id, at + 2))),
    ...ended.flatMap((id, at) => {
      const n = at + 2 + open.length;
      const a = { "lifecycle.run.result": "completed" };
      return [line(`B${n}`, beginning(id, n)), line(`E${n}`, { et: [LAST_SEEN_S - 1, 0], a })];
    }),
    ...Array.from({ length: tornLines }, () => "00000000 B9 {torn\n"),
  ];
}

function beginning(id: string, n: number): object {
  return {
    src: 1,
    t: id.padStart(32, "a").replace(/[^0-9a-f]/g, "b"),
    s: n.toString(16).padStart(16, "0"),
    f: 1,
    n: "agent run",
    k: 0,
    st: [LAST_SEEN_S - 5, 0],
    a: { "lifecycle.run.id": id, "lifecycle.scope.kind": "directory" },
    r: { q: n, sc: [1], o: "api" },
  };
}

function line(key: string, body: object): string {
  const text = `${key} ${JSON.stringify(body)}`;
  return `${crc32(text).toString(16).padStart(8, "0")} ${text}\n`;
}
