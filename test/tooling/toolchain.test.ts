import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, zipSync } from "fflate";
import { expect, onTestFinished, test } from "vitest";
import { installToolchain } from "../../scripts/backends/toolchain.mjs";

const platform = { os: "linux", arch: "amd64" };
const version = "v0.0.1-go1.26.8.linux-amd64";
const files = {
  "bin/go": "go",
  "pkg/tool/linux_amd64/compile": "compile",
  "src/_go.mod": "module std",
  VERSION: "go1.26.8",
};
const named = Object.entries(files).map(([name, text]) => [
  `golang.org/toolchain@${version}/${name}`,
  strToU8(text),
]);
const archive: Uint8Array = zipSync(Object.fromEntries(named));
// Of these files, by `golang.org/x/mod/sumdb/dirhash`.
const pin = {
  version: "1.26.8",
  sums: { "linux-amd64": "h1:PoN++8gGPbjzMT7UqSweKFHRtv+HmkU2v0vmeZiNlNo=" },
};

test("Go is the module of the first proxy of GOPROXY, with its modes and go.mod files as they were", async () => {
  const { goproxy, asked } = await startProxy();
  const said: string[] = [];
  const folder = join(emptyFolder(), "go1.26.8");
  const say = (line: string) => said.push(line);
  await installToolchain({ folder, platform, pin, goproxy: `${goproxy}/,direct`, say });
  const names = ["VERSION", "bin/go", "pkg/tool/linux_amd64/compile", "src/go.mod"];
  const found = names.map((name) => [name, readFileSync(join(folder, name), "utf8")]);
  expect(Object.fromEntries(found)).toEqual({
    VERSION: "go1.26.8",
    "bin/go": "go",
    "pkg/tool/linux_amd64/compile": "compile",
    "src/go.mod": "module std",
  });
  expect(readdirSync(join(folder, "src"))).toEqual(["go.mod"]);
  expect(asked).toEqual([{ path: `/golang.org/toolchain/@v/${version}.zip`, login: undefined }]);
  const from = `${goproxy}/golang.org/toolchain/@v/${version}.zip`;
  expect(said).toEqual([`downloading Go 1.26.8, 70 MB, from ${from}`]);
  if (process.platform === "win32") return;
  expect(names.map((name) => statSync(join(folder, name)).mode & 0o111)).toEqual([
    0, 0o111, 0o111, 0,
  ]);
});

test("an answer that fails is asked for again, twice", async () => {
  const { goproxy, asked } = await startProxy({ failing: 2 });
  const parent = emptyFolder();
  const options = { folder: join(parent, "go"), platform, pin, goproxy, say: () => {} };
  await installToolchain(options);
  expect(asked).toHaveLength(3);
  const worse = await startProxy({ failing: 3 });
  const again = { ...options, folder: join(parent, "again"), goproxy: worse.goproxy };
  await expect(installToolchain(again)).rejects.toThrow("answered 503");
  expect(worse.asked).toHaveLength(3);
});

test("a login in GOPROXY is used and not shown", async () => {
  const { goproxy, asked } = await startProxy();
  const said: string[] = [];
  await installToolchain({
    folder: join(emptyFolder(), "go"),
    platform,
    pin,
    goproxy: goproxy.replace("//", "//me:secret%21@"),
    say: (line) => said.push(line),
  });
  expect(asked[0]?.login).toBe(`Basic ${btoa("me:secret!")}`);
  expect(said.join()).not.toContain("secret");
});

test("a Go that is not the pinned one is refused, and nothing is left of it", async () => {
  const { goproxy } = await startProxy();
  const parent = emptyFolder();
  const wrong = { ...pin, sums: { "linux-amd64": "h1:another=" } };
  const options = { folder: join(parent, "go"), platform, pin: wrong, goproxy, say: () => {} };
  await expect(installToolchain(options)).rejects.toThrow(
    `Go has the checksum ${pin.sums["linux-amd64"]}, expected h1:another=`,
  );
  expect(readdirSync(parent)).toEqual([]);
});

test("of two that install it at once both find it whole", async () => {
  const { goproxy } = await startProxy();
  const parent = emptyFolder();
  const options = { folder: join(parent, "go"), platform, pin, goproxy, say: () => {} };
  await Promise.all([installToolchain(options), installToolchain(options)]);
  expect(readdirSync(parent)).toEqual(["go"]);
  expect(existsSync(join(parent, "go/bin/go"))).toBe(true);
});

test.each([
  ["off", "GOPROXY=off has nothing to download Go from"],
  ["direct", "GOPROXY=direct has nothing to download Go from"],
])("GOPROXY=%s is obeyed", async (goproxy, message) => {
  const folder = join(emptyFolder(), "go");
  const options = { folder, platform, pin, goproxy, say: () => {} };
  await expect(installToolchain(options)).rejects.toThrow(message);
});

test("a platform without a pin, and a proxy without the module, are errors that say so", async () => {
  const { goproxy } = await startProxy();
  const options = { folder: join(emptyFolder(), "go"), platform, pin, goproxy, say: () => {} };
  const other = { ...options, platform: { os: "windows", arch: "amd64" } };
  await expect(installToolchain(other)).rejects.toThrow("no Go is pinned for windows-amd64");
  const absent = { ...options, goproxy: `${goproxy}/absent` };
  await expect(installToolchain(absent)).rejects.toThrow("answered 404");
});

/** A module proxy that has this one module. */
const startProxy = async ({ failing = 0 } = {}) => {
  const asked: { path: string | undefined; login: string | undefined }[] = [];
  const server = createServer((request, response) => {
    asked.push({ path: request.url, login: request.headers.authorization });
    if (asked.length <= failing) return void response.writeHead(503).end();
    const isKnown = request.url === `/golang.org/toolchain/@v/${version}.zip`;
    response.writeHead(isKnown ? 200 : 404).end(isKnown ? archive : undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { goproxy: `http://127.0.0.1:${port}`, asked };
};

const emptyFolder = (): string => {
  const path = mkdtempSync(join(tmpdir(), "otel-lifecycle-toolchain-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
};
