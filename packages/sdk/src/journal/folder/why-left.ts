import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { VERSION } from "../format/bodies.ts";
import type { LeftReason } from "../recovery/recovery.ts";
import { kinshipOf, thisHost } from "./host.ts";
import { isSegment } from "./names.ts";
import type { TakeOverOptions } from "./take-over.ts";
import type { Writer, writerOf } from "./writer.ts";

/** Why the journal at `path`, on whose socket nobody listens, is to be left alone; undefined if it is not. */
export const whyLeft = (
  path: string,
  writer: ReturnType<typeof writerOf>,
  { pid, anyHost = false }: TakeOverOptions,
): LeftReason | undefined => {
  if (writer === "foreign") return "not_a_journal";
  const named = typeof writer === "object" ? writer : undefined;
  if (named !== undefined && named.v > VERSION) return "newer_version";
  if (pid !== undefined && named?.pid !== pid) return "other_pid";
  // Whoever wrote nothing loses nothing, wherever he is.
  return anyHost || writer === "nothing" ? undefined : whyNotHere(path, named);
};

const whyNotHere = (path: string, writer: Writer | undefined): LeftReason | undefined => {
  const kinship = writer === undefined ? "restarted" : kinshipOf(writer, thisHost());
  if (kinship === "other") return "other_host";
  // A refusal says nothing of a process that lives on another host of the same name.
  return kinship === "restarted" && isFresh(path) ? "alive" : undefined;
};

const isFresh = (path: string): boolean =>
  readdirSync(path)
    .filter(isSegment)
    .map((name) => lstatSync(join(path, name)).mtimeMs)
    // The clocks may differ, and one may have been set back.
    .some((time) => Math.abs(Date.now() - time) < SIGN_OF_LIFE_MS);

/** Three times what a process that lives lets pass without a sign of life. */
const SIGN_OF_LIFE_MS = 15_000;
