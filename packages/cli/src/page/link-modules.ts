/** Gives the text of a module by its name, `./rows.js` for one. */
export type ReadModule = (name: string) => string;

// As tsc writes them: one import a line, and nothing of ours is exported but by its declaration.
const IMPORT = /^import \{ (.+) \} from "(\.\/[a-z-]+\.js)";$/gm;
const EXPORT = /^export (?=(?:async )?(?:function|const|let) (\w+))/gm;

/**
 * One script out of an ES module and those that it imports, each in a function of its own: a page
 * that makes no request cannot import. Because a bundler would be one more step between `tsc -b` and
 * a program that works. Throws for an import or export that is not as tsc writes ours.
 */
export function linkModules(entry: string, read: ReadModule): string {
  const linked = new Map<string, string>();

  function link(name: string): void {
    if (linked.has(name)) return;
    const text = read(name);
    const body = withoutExports(withoutImports(text));
    if (/^(?:import|export)\b/m.test(body))
      throw new Error(`${name} imports or exports in a way that cannot be inlined`);
    for (const [, , imported] of text.matchAll(IMPORT)) link(imported ?? "");
    linked.set(
      name,
      `const ${nameOf(name)} = (() => {\n${body}\nreturn { ${exportsOf(text)} };\n})();\n`,
    );
  }

  link(entry);
  return `"use strict";\n${[...linked.values()].join("")}`;
}

function withoutImports(text: string): string {
  return text.replace(
    IMPORT,
    (_, names: string, from: string) =>
      `const { ${names.replaceAll(" as ", ": ")} } = ${nameOf(from)};`,
  );
}

function withoutExports(text: string): string {
  return text.replace(EXPORT, "").replace(/^export \{ ?\};$/gm, "");
}

function exportsOf(text: string): string {
  return [...text.matchAll(EXPORT)].map(([, name]) => name).join(", ");
}

function nameOf(module: string): string {
  return `module_${module.slice(2, -3).replaceAll("-", "_")}`;
}
