import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const EXCERPT = /<!-- excerpt: (\S+) -->\s*```\w*\n([\s\S]*?)```/g;

const readmes = ["packages", "examples"]
  .flatMap((folder) => readdirSync(join(ROOT, folder)).map((name) => join(folder, name)))
  .map((folder) => join(folder, "README.md"))
  .filter((path) => existsSync(join(ROOT, path)));

const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

const excerpts = ["README.md", "bench/README.md", ...readmes].flatMap((path) =>
  [...read(path).matchAll(EXCERPT)].map(([, source = "", text = ""]) => ({ path, source, text })),
);

describe("what a README shows is an excerpt of what runs", () => {
  test.each(excerpts)("$path shows a part of $source", ({ source, text }) => {
    expect(read(source)).toContain(text);
  });

  test("the README shows the demo's account, the servers' and the lines to use", () => {
    const shown = excerpts.filter(({ path }) => path === "README.md").map(({ source }) => source);
    expect(shown).toEqual([
      "examples/agent-server/README.md",
      "examples/drop-in/README.md",
      "examples/quick-start/src/main.ts",
      "examples/agent-server/src/conversation.ts",
      "examples/agent-server/README.md",
      "examples/crash/README.md",
    ]);
  });

  test.each(["README.md", ...readmes])("%s links to files that exist", (path) => {
    const links = [...read(path).matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, to = ""]) => to);
    expect(links.filter((to) => !existsSync(join(ROOT, path, "..", to)))).toEqual([]);
  });
});
