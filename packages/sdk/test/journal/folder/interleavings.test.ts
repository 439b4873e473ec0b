import { readdirSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { JournalFolder } from "../../../src/journal/folder/folder.ts";
import { isId } from "../../../src/journal/folder/names.ts";
import { removeTaken, takeOver } from "../../../src/journal/folder/take-over.ts";
import { treeOf, usePlace, writeJournal } from "./journals.ts";

// FC_RUNS=20000 looks for some minutes.
const RUNS = Number(process.env["FC_RUNS"] ?? 200);

const place = usePlace();

const nth = fc.nat({ max: 7 });
const command = fc.oneof(
  fc.record({ type: fc.constant("start" as const) }),
  fc.record({ type: fc.constant("die" as const), nth }),
  fc.record({ type: fc.constant("remove" as const), nth }),
  fc.record({ type: fc.constant("export" as const), nth, count: nth }),
  fc.record({ type: fc.constant("take over" as const), nths: fc.array(nth, { maxLength: 4 }) }),
);
type Command = typeof command extends fc.Arbitrary<infer T> ? T : never;

test("no interleaving of starts, deaths and takeovers loses a journal or has it twice", () =>
  fc.assert(
    fc.asyncProperty(fc.array(command, { maxLength: 24 }), async (commands) => {
      const play = createPlay();
      for (const step of commands) {
        await play.step(step);
        const { found, depth } = journalsBelow(place.directory);
        expect(found).toEqual(play.expected());
        expect(depth).toBeLessThanOrEqual(3);
      }
      play.end();
    }),
    { numRuns: RUNS },
  ));

interface Living {
  readonly folder: JournalFolder;
  /** What was given to it, and is not exported. */
  readonly given: string[];
}

const createPlay = () => {
  const living: Living[] = [];
  /** Journals with something in them, the living's too. */
  const journals = new Set<string>();
  const dead = new Set<string>();
  const at = (index: number): Living | undefined => living[index % living.length];
  const start = (): void => {
    const folder = place.open();
    writeJournal(folder.path);
    living.push({ folder, given: [] });
    journals.add(folder.id);
  };
  const end = (index: number, how: "leave" | "remove"): void => {
    const [one] = living.splice(index % living.length, 1);
    if (one === undefined) return;
    if (how === "remove") one.folder.remove();
    one.folder.leave();
    // It stays, with nothing of its own, for the sake of what it has taken over.
    if (how === "leave" || readdirSync(place.directory).includes(one.folder.id))
      dead.add(one.folder.id);
    else journals.delete(one.folder.id);
    if (how === "remove" && dead.has(one.folder.id)) emptied.add(one.folder.id);
  };
  const emptied = new Set<string>();
  const takeAll = async (indices: readonly number[]): Promise<void> => {
    const takers = [...new Set(indices.map(at))].filter((one) => one !== undefined);
    const results = await Promise.all(takers.map(({ folder }) => takeOver(folder)));
    for (const [index, { paths }] of results.entries()) takers[index]?.given.push(...paths);
    if (takers.length === 0) return;
    for (const id of emptied) journals.delete(id);
    emptied.clear();
    const all = living.flatMap(({ given }) => given.map((path) => basename(path)));
    expect(new Set(all).size).toBe(all.length);
    // Nobody is left for whom nobody cares.
    expect(all.sort()).toEqual([...dead].filter((id) => journals.has(id)).sort());
  };
  const exportSome = ({ given, folder }: Living, count: number): void => {
    for (const path of given.splice(0, count)) {
      expect(path.startsWith(folder.taken)).toBe(true);
      removeTaken(path);
      journals.delete(basename(path));
    }
  };
  return {
    step: (step: Command): unknown => {
      if (step.type === "start") return start();
      if (step.type === "take over") return takeAll(step.nths);
      const one = at(step.nth);
      if (one === undefined) return undefined;
      if (step.type === "export") return exportSome(one, step.count);
      return end(step.nth, step.type === "die" ? "leave" : "remove");
    },
    expected: (): readonly string[] => [...journals].sort(),
    end: (): void => {
      for (const { folder } of living) folder.leave();
      for (const name of readdirSync(place.directory)) {
        rmSync(join(place.directory, name), { recursive: true });
      }
    },
  };
};

const journalsBelow = (directory: string): { found: readonly string[]; depth: number } => {
  const paths = treeOf(directory).filter((path) => isId(basename(path)));
  return {
    found: paths.map((path) => basename(path)).sort(),
    depth: Math.max(0, ...paths.map((path) => path.split("/").length)),
  };
};
