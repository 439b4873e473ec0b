import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, sep } from "node:path";
import {
  createScope,
  directoryScope,
  LifecycleError,
  startAction,
  startRun,
} from "@otel-lifecycle/api";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { fork } from "../support/fork.ts";
import { registerHarvest } from "../support/harvest.ts";

const harvest = registerHarvest();
const home = realpathSync(mkdtempSync(join(tmpdir(), "secret-")));
const project = join(home, "project");
const link = join(home, "link");
mkdirSync(join(project, "src"), { recursive: true });
symlinkSync(project, link);
afterEach(() => harvest.reset());
afterAll(() => rmSync(home, { recursive: true, force: true }));

const store = createScope({ kind: "instance_store" });

describe("rule 10: the same directory is the same scope, however it is spelt", () => {
  const scope = directoryScope(store, project);

  test.each<[string, string]>([
    ["the same again", project],
    ["with a trailing slash", `${project}${sep}`],
    ["with several", `${project}${sep}${sep}${sep}`],
    ["relative", relative(process.cwd(), project)],
    ["through `.` and `..`", `${project}${sep}src${sep}..${sep}.`],
    ["through a symbolic link", link],
    ["through a symbolic link with a trailing slash", `${link}${sep}`],
    ["through a symbolic link and back", `${join(link, "src")}${sep}..`],
  ])("%s", (_how, path) => {
    expect(directoryScope(store, path)).toBe(scope);
  });

  test("another directory is another scope", () => {
    expect(directoryScope(store, home)).not.toBe(scope);
    expect(directoryScope(store, join(project, "src"))).not.toBe(scope);
  });

  test("a directory's scope lies not below its parent directory's", () => {
    expect(directoryScope(store, join(project, "src")).parent).toBe(store);
  });

  test("below another store it is another one", () => {
    expect(directoryScope(createScope({ kind: "instance_store" }), project)).not.toBe(scope);
  });

  test("and a dispose of it in one store stops nothing in the other", () => {
    const stores = ["one", "two"].map((key) => createScope({ kind: "instance_store", key }));
    const scopes = stores.map((parent) => directoryScope(parent, project));
    const runs = scopes.map((scope) => startRun({ name: "agent run", scope }));
    const action = startAction({ kind: "dispose_directory", scope: scopes[0] ?? store });
    expect(runs.map((run) => run.signal.aborted)).toEqual([true, false]);
    for (const run of runs) run.end();
    action.end();
  });

  test("one that does not exist is the same however it is spelt", () => {
    const missing = directoryScope(store, join(home, "missing"));
    expect(directoryScope(store, `${join(home, "missing")}${sep}`)).toBe(missing);
    expect(directoryScope(store, join(home, "x", "..", "missing"))).toBe(missing);
  });

  test("one that does not exist yet, below a symbolic link too", () => {
    expect(directoryScope(store, join(link, "new"))).toBe(
      directoryScope(store, join(project, "new")),
    );
  });

  test("one that was removed while a run was in flight in it", () => {
    const spelt = join(link, "worktree");
    mkdirSync(spelt);
    const run = startRun({ name: "agent run", scope: directoryScope(store, spelt) });
    rmSync(spelt, { recursive: true });
    const action = startAction({ kind: "dispose_directory", scope: directoryScope(store, spelt) });
    expect(run.signal.aborted).toBe(true);
    run.end();
    action.end();
  });
});

describe("a directory leaves the process only as a keyed hash", () => {
  test("its key is 16 hexadecimal digits, on runs and actions", () => {
    const scope = directoryScope(store, project);
    startRun({ name: "agent run", scope }).end();
    startAction({ kind: "dispose_directory", scope }).end();
    const key = harvest.span("agent run").attributes["lifecycle.scope.key"];
    expect(key).toMatch(/^[0-9a-f]{16}$/);
    expect(harvest.span("dispose_directory directory").attributes).toMatchObject({
      "lifecycle.scope.kind": "directory",
      "lifecycle.scope.key": key,
    });
  });

  test("the path is in no span, and not on the scope", () => {
    const scope = directoryScope(store, project);
    const run = startRun({ name: "agent run", scope });
    const action = startAction({ kind: "dispose_directory", scope });
    run.fail(run.signal.reason);
    action.end();
    expect(JSON.stringify(harvest.spans())).not.toMatch(/secret|project/);
    expect(scope.key).toMatch(/^[0-9a-f]{16}$/);
  });

  test("under OTEL_LIFECYCLE_HASH_KEY the hash is the same in every process", () => {
    const env = { OTEL_LIFECYCLE_HASH_KEY: "a key of the application's" };
    const [one, two] = [fork("directory-key", { env }), fork("directory-key", { env })];
    expect(one).toEqual({
      status: 0,
      stderr: "",
      output: { key: expect.stringMatching(/^[0-9a-f]{16}$/) },
    });
    expect(two).toEqual(one);
    expect(fork("directory-key", { env: { OTEL_LIFECYCLE_HASH_KEY: "another" } })).not.toEqual(one);
  });

  test("without, it differs from process to process", () => {
    const env = { OTEL_LIFECYCLE_HASH_KEY: "" };
    expect(fork("directory-key", { env })).not.toEqual(fork("directory-key", { env }));
  });
});

describe("rule 38: what is wrong with a directory is one clear error", () => {
  test.each<[string, unknown, string]>([
    ["an empty path", "", "invalid_path"],
    ["a path with NUL", "/srv/secret\0", "invalid_path"],
    ["a path that is no text", 7, "invalid_path"],
    ["no path", undefined, "invalid_path"],
    ["a URL", new URL("file:///srv/secret"), "invalid_path"],
  ])("%s", (_what, path, code) => {
    try {
      // @ts-expect-error: as from JavaScript.
      directoryScope(store, path);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(LifecycleError);
      expect(error).toMatchObject({ code });
      expect(String(error)).toMatch(/expected .*given/);
      expect(String(error)).not.toContain("secret");
    }
  });

  test("a parent that is no scope", () => {
    // @ts-expect-error: as from JavaScript.
    const make = () => directoryScope({ kind: "instance_store" }, project);
    expect(make).toThrow(LifecycleError);
    expect(make).toThrow(/expected as parent/);
    expect(make).not.toThrow(/secret/);
  });

  test("a path of 1 MB is a scope like any other, as it is spelt", () => {
    const long = "/a".repeat(500_000);
    const scope = directoryScope(store, long);
    expect(scope.key).toMatch(/^[0-9a-f]{16}$/);
    expect(directoryScope(store, long)).toBe(scope);
    expect(directoryScope(store, `${long}/`)).not.toBe(scope);
  });

  test.each<[number, boolean]>([
    [4_096, true],
    [4_097, false],
  ])("of %d characters it is %s that it is looked up", (length, lookedUp) => {
    const path = `${"/a".repeat(length)}`.slice(0, length - 1).padEnd(length, "/");
    const bare = path.replace(/\/+$/, "");
    expect(directoryScope(store, path) === directoryScope(store, bare)).toBe(lookedUp);
  });

  test("a relative path in a working directory that is gone is one clear error too", () => {
    expect(fork("directory-gone")).toEqual({
      status: 0,
      stderr: "",
      output: { name: "LifecycleError", code: "invalid_path" },
    });
  });
});
