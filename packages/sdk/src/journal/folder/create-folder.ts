import { chmodSync, mkdirSync, renameSync, rmSync } from "node:fs";
import type { Server } from "node:net";
import { join, resolve } from "node:path";
import { guarded } from "@otel-lifecycle/api/internal";
import { warn } from "../../position.ts";
import type { RecoveryResult } from "../recovery/recovery.ts";
import { listenIn } from "./alive.ts";
import { codeOf, refusalOf } from "./directory.ts";
import type { JournalFolder } from "./folder.ts";
import { NEW, newId, OLD, TAKEN } from "./names.ts";
import { removeOwn } from "./remove.ts";

/**
 * Makes a journal's folder in `directory`, which it makes if need be, and listens there. Synchronous.
 * Undefined, after one warning through `diag`, where that cannot be: not of the user `uid`, a symbolic
 * link, open to others, read-only, full, too long a path. Never throws.
 */
export const createFolder = (
  directory: string,
  uid: number = process.getuid?.() ?? -1,
): JournalFolder | undefined =>
  guarded(WHAT, () => {
    // Because the process may change its working directory.
    const absolute = resolve(directory);
    const made = refusalOf(absolute, uid) ?? makeIn(absolute);
    if (typeof made !== "string") return folderOf(absolute, uid, made);
    warn(
      `journal: expected a directory of this user's own, in which nobody else may write, but of ${JSON.stringify(absolute.slice(0, 256))}: ${made}. No journal is kept.`,
    );
    return undefined;
  });

interface Made {
  readonly id: string;
  readonly server: Server;
}

/** Under a hidden name first, because a folder without its socket is a dead one's. */
const makeIn = (directory: string): Made | string => {
  const id = newId();
  const hidden = join(directory, NEW + id);
  let server: Server | undefined;
  try {
    mkdirSync(hidden, { mode: 0o700 });
    chmodSync(hidden, 0o700);
    server = listenIn(hidden);
    if (server === undefined) return withdrawn(hidden, "no socket");
    renameSync(hidden, join(directory, id));
    return { id, server };
  } catch (error) {
    server?.close();
    return withdrawn(hidden, codeOf(error));
  }
};

const withdrawn = (hidden: string, why: string): string => {
  guarded(WHAT, () => rmSync(hidden, { recursive: true, force: true }));
  return `no folder with a socket can be made in it (${why}). Give one on a local disk that has room`;
};

const folderOf = (directory: string, uid: number, { id, server }: Made): JournalFolder => {
  const path = join(directory, id);
  const claimed = new Set<string>();
  let underWay: Promise<RecoveryResult> | undefined;
  const leave = (): void => void guarded(WHAT, () => server.close());
  return {
    id,
    directory,
    path,
    taken: join(path, TAKEN),
    uid,
    recoverOnce: (recover) => {
      underWay ??= recover().finally(() => {
        underWay = undefined;
      });
      return underWay;
    },
    claim: (journal) => !claimed.has(journal) && claimed.add(journal).size > 0,
    release: (journal) => void claimed.delete(journal),
    // Listens until it has another name, because else somebody would take over what is to go.
    remove: () => void guarded(WHAT, () => removeOwn(path, join(directory, OLD + id)) && leave()),
    leave,
  };
};

const WHAT = "journal folder";
