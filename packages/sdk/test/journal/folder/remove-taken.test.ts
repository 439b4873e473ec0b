import fs, { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { newId } from "../../../src/journal/folder/names.ts";
import { removeTaken, takeOver } from "../../../src/journal/folder/take-over.ts";
import { leaveJournal, told, treeOf, usePlace, writeJournal } from "./journals.ts";

const place = usePlace();
afterEach(() => {
  vi.restoreAllMocks();
  syncBuiltinESMExports();
});
const inside = (...names: string[]): string => join(place.directory, ...names);

test("a journal that was taken over goes whole, twice as well as once", async () => {
  leaveJournal(place.directory);
  const folder = place.open();
  const { paths } = await takeOver(folder);
  for (const path of [...paths, ...paths]) removeTaken(path);
  expect([readdirSync(folder.taken), readdirSync(place.directory), place.warnings]).toEqual([
    [],
    [folder.id],
    [],
  ]);
});

test("where a link in it leads nothing is removed", async () => {
  const id = leaveJournal(place.directory);
  mkdirSync(inside(".elsewhere"));
  writeFileSync(inside(".elsewhere/file"), "");
  symlinkSync(inside(".elsewhere"), inside(id, "link"));
  symlinkSync(inside(".elsewhere"), inside(id, "taken"));
  const folder = place.open();
  for (const path of (await takeOver(folder)).paths) removeTaken(path);
  expect([readdirSync(folder.taken), treeOf(inside(".elsewhere"))]).toEqual([[], ["file"]]);
});

test("it has another name before anything in it is deleted", async () => {
  const id = leaveJournal(place.directory);
  const folder = place.open();
  const { paths } = await takeOver(folder);
  vi.spyOn(fs, "rmSync").mockImplementation(() => undefined);
  syncBuiltinESMExports();
  for (const path of paths) removeTaken(path);
  expect(treeOf(inside(`.old-${id}`))).toEqual(["00000001.log"]);
});

test("a journal in it that could not be moved up is no part of it", async () => {
  const [id, nested] = [newId(), newId()];
  writeJournal(inside(id));
  writeJournal(inside(id, "taken", nested));
  const folder = place.open();
  const real = fs.renameSync;
  const renames = vi.spyOn(fs, "renameSync").mockImplementation((from, to) => {
    if (String(from).endsWith(nested)) throw new Error("not now");
    real(from, to);
  });
  syncBuiltinESMExports();
  expect(told(folder, await takeOver(folder))).toEqual({ paths: [id] });
  removeTaken(join(folder.taken, id));
  expect(treeOf(join(folder.taken, id))).toContain(`taken/${nested}`);
  renames.mockRestore();
  syncBuiltinESMExports();
  removeTaken(join(folder.taken, id));
  expect(told(folder, await takeOver(folder))).toEqual({ paths: [nested] });
  expect(readdirSync(folder.taken)).toEqual([nested]);
});

test.each([
  ["no journal's name", ["a".repeat(20), "taken", "notes"]],
  ["not in `taken`", ["a".repeat(20), "other", "b".repeat(20)]],
  ["in no journal", ["other", "taken", "b".repeat(20)]],
  ["a journal's own folder", ["a".repeat(20)]],
])("what is %s is not removed", (_, names) => {
  writeJournal(inside(...names));
  const before = treeOf(place.directory);
  removeTaken(inside(...names));
  expect([treeOf(place.directory), place.warnings]).toEqual([before, []]);
});
