import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { newId } from "../../../src/journal/folder/names.ts";
import { type TakenOver, takeOver } from "../../../src/journal/folder/take-over.ts";
import { leaveJournal, told, usePlace, writeJournal } from "./journals.ts";
import { fixture, kill, startOwner, startTaker } from "./processes.ts";

const place = usePlace();
const inside = (...names: string[]): string => join(place.directory, ...names);

// JOURNAL_ROUNDS=200 looks for some minutes.
const ROUNDS = Number(process.env["JOURNAL_ROUNDS"] ?? 5);

describe("exactly one takes over each journal, however many try at once (rule 25)", () => {
  test(`eight processes, ${ROUNDS} times: all is taken, and nothing twice`, {
    timeout: 0,
  }, async () => {
    const takers = await Promise.all(Array.from({ length: 8 }, () => startTaker(place.directory)));
    for (let round = 0; round < ROUNDS; round += 1) {
      const dead = Array.from({ length: 25 }, () => leaveJournal(place.directory));
      const nested = newId();
      writeJournal(inside(dead[0] ?? "", "taken", nested));
      const results = takers.map((taker) => once(taker, "message") as Promise<[TakenOver]>);
      for (const taker of takers) taker.send("go");
      const taken = (await Promise.all(results)).map(([{ paths, left }]) => {
        expect(left).toMatchObject({ alive: 7, failed: 0, not_a_journal: 0 });
        return paths;
      });
      for (const path of taken.flat()) expect(readdirSync(path)).toContain("00000001.log");
      expect(
        taken
          .flat()
          .map((path) => basename(path))
          .sort(),
      ).toEqual([...dead, nested].sort());
    }
    // All of them die, and one comes after them.
    await Promise.all(takers.map(kill));
    const folder = place.open();
    expect((await takeOver(folder)).paths).toHaveLength(ROUNDS * 26);
    expect(readdirSync(place.directory)).toEqual([folder.id]);
  });

  test("what a killed process leaves is taken once by the eight that start after it", async () => {
    const owner = await startOwner(place.directory, "waits");
    const takers = await Promise.all(Array.from({ length: 8 }, () => startTaker(place.directory)));
    await kill(owner.process);
    const results = takers.map((taker) => once(taker, "message") as Promise<[TakenOver]>);
    for (const taker of takers) taker.send("go");
    const taken = (await Promise.all(results)).flatMap(([{ paths }]) => paths);
    expect(taken.map((path) => basename(path))).toEqual([owner.id]);
  });
});

describe("a taker that is killed at any point loses nothing, and leaves nothing twice (rule 25)", () => {
  test.each(["before", "after"])("%s each of its changes", { timeout: 0 }, async (when) => {
    for (let nth = 1; ; nth += 1) {
      const { kept, exported } = leaveAll();
      const isDone = await takeAndDie(when, nth);
      const folder = place.open();
      const { paths } = told(folder, await takeOver(folder)) as { paths: readonly string[] };
      const names = new Set(paths);
      expect([nth, paths.length]).toEqual([nth, names.size]);
      expect([nth, kept.filter((id) => !names.has(id))]).toEqual([nth, []]);
      const rest = paths.filter((id) => !kept.includes(id));
      // Those are whole or gone.
      for (const id of rest) {
        expect([
          nth,
          exported.includes(id),
          existsSync(join(folder.taken, id, "00000001.log")),
        ]).toEqual([nth, true, true]);
      }
      expect([nth, leftovers(folder.id)]).toEqual([nth, []]);
      folder.leave();
      clear();
      if (isDone) {
        expect(nth).toBeGreaterThan(15);
        expect(rest).toEqual([]);
        return;
      }
    }
  });

  /** Two journals of which one is exported already, each with one in it, and what others left undone. */
  const leaveAll = (): { kept: readonly string[]; exported: readonly string[] } => {
    const [one, two, three, four] = [newId(), newId(), newId(), newId()];
    for (const path of [[one], [one, "taken", two], [three], [three, "taken", four]]) {
      writeJournal(inside(...path));
    }
    writeFileSync(inside(one, "exported"), "");
    writeFileSync(inside(three, "taken", four, "exported"), "");
    mkdirSync(inside(newId()));
    writeJournal(inside(`.old-${newId()}`));
    return { kept: [two, three], exported: [one, four] };
  };

  const takeAndDie = async (when: string, nth: number): Promise<boolean> => {
    const program = [fixture("journal-taker-dies.mjs"), place.directory, when, String(nth)];
    const child = spawn(process.execPath, program, { stdio: ["ignore", "pipe", "inherit"] });
    const said: string[] = [];
    child.stdout.on("data", (data) => said.push(String(data)));
    const [, signal] = await once(child, "close");
    expect(signal).toBe("SIGKILL");
    return said.join("") === "done";
  };

  /** What neither the taker's own folder is nor what it may leave to be removed in a minute. */
  const leftovers = (own: string): readonly string[] =>
    readdirSync(place.directory).filter((name) => name !== own && !name.startsWith(".new-"));

  const clear = (): void => {
    for (const name of readdirSync(place.directory)) rmSync(inside(name), { recursive: true });
  };
});
