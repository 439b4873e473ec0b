import { InputError } from "../input/input-error.ts";
import type { Sifted } from "../input/sifting.ts";
import { readable, type Source, sourcesOf } from "../input/source.ts";
import { note } from "./output.ts";

/** What inputs are read for. */
export interface Reading<Harvest extends Sifted> {
  /** What they should hold, as messages call it. */
  readonly what: string;
  readonly read: (bytes: AsyncIterable<Uint8Array>) => Promise<Harvest>;
  /** Sentences about what was left out of one besides what is of no use. */
  readonly leftOut: (harvest: Harvest) => readonly string[];
}

/**
 * Reads the inputs of a command line one behind the other, standard input if none is named, and
 * says on standard error what was left out. Throws {@link InputError} if one cannot be used.
 */
export async function readSources<Harvest extends Sifted>(
  paths: readonly string[],
  reading: Reading<Harvest>,
): Promise<readonly Harvest[]> {
  const harvests: Harvest[] = [];
  for (const path of pathsOrPipe(paths, reading.what)) {
    let requests = 0;
    for (const source of await sourcesOf(path)) {
      const harvest = await readable(source.name, reading.read(source.open()));
      report(source, harvest, reading);
      harvests.push(harvest);
      requests += harvest.requests;
    }
    if (requests === 0)
      throw new InputError(`${path}: no file in this folder holds ${reading.what}`);
  }
  return harvests;
}

function pathsOrPipe(paths: readonly string[], what: string): readonly string[] {
  // Standard input has an end but once; as with a file, naming it again adds nothing.
  if (paths.length > 0)
    return paths.filter((path, at) => path !== "-" || paths.indexOf("-") === at);
  if (process.stdin.isTTY)
    throw new InputError(`name a file or a folder, or pipe ${what} in (see --help)`);
  return ["-"];
}

/** Says on standard error what of a source was left out. Throws if that is all of it. */
function report<Harvest extends Sifted>(
  { name, found }: Source,
  harvest: Harvest,
  { what, leftOut }: Reading<Harvest>,
): void {
  const { requests, junk } = harvest;
  if (requests === 0) {
    const reason =
      junk === undefined
        ? "it is empty"
        : `nothing in it is ${what} (line ${junk.line}: ${junk.reason})`;
    if (found === "named") throw new InputError(`${name}: ${reason}`);
    note(`${name}: left out, ${reason}`);
    return;
  }
  if (junk !== undefined) {
    const lines = junk.lines === 1 ? "1 line is" : `${junk.lines} lines are`;
    note(`${name}: ${lines} not ${what} and left out, first line ${junk.line}: ${junk.reason}`);
  }
  for (const sentence of leftOut(harvest)) note(`${name}: ${sentence}`);
}
