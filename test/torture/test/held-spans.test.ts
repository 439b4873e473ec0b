import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { crc32 } from "../src/driver/crc32.ts";
import { heldSpans, remainsIn } from "../src/driver/held-spans.ts";

const line = (text: string): string => {
  const sum = crc32(Buffer.from(text)).toString(16).padStart(8, "0");
  return `${sum} ${text}\n`;
};

/** A directory with these files. */
const directoryOf = (files: Readonly<Record<string, string>>): string => {
  const directory = mkdtempSync(join(tmpdir(), "torture-test-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(directory, path, ".."), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  return directory;
};

test("the checksum is gzip's", () => {
  expect(crc32(Buffer.from("123456789"))).toBe(0xcbf43926);
});

test("held is what has begun or ended, and has no acknowledgement", () => {
  const directory = directoryOf({
    "one/00000001.log":
      line('B1 {"s":"begun"}') + line('B2 {"s":"sent"}') + line('F3 {"s":"whole"}'),
    "one/00000002.log": line("A0 [2]") + line('B4 {"s":"cover","c":{"sent":true}}'),
    "two/taken/dead/00000001.log": line('B1 {"s":"taken"}') + line('B2 {"s":"exported"}'),
    "two/taken/dead/acknowledged.log": line("A0 [2]"),
    ".old-three/00000001.log": line('B1 {"s":"removed"}'),
  });
  expect([...heldSpans(directory)].sort()).toEqual(["begun", "taken", "whole"]);
});

test("a line that is torn or damaged says nothing", () => {
  const directory = directoryOf({
    "one/00000001.log": `${line('B1 {"s":"a"}').replace("a", "b")}${line('B2 {"s":"c"}')}${line('B3 {"s":"d"}').slice(0, -1)}`,
  });
  expect([...heldSpans(directory)]).toEqual(["c"]);
});

test("what remains is all but the journals of the living, and what those have taken", () => {
  const directory = directoryOf({
    "one/00000001.log": "",
    "two/taken/dead/00000001.log": "",
    ".new-three/alive": "",
  });
  expect(remainsIn(directory, new Set(["two"])).toSorted()).toEqual([
    ".new-three",
    "one",
    "two/taken/dead",
  ]);
});
