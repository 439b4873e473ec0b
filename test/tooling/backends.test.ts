import { execFile, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, onTestFinished, test, vi } from "vitest";
import { binaryOf, cacheFolder, MANIFEST } from "../../scripts/backends/pins.mjs";

const script = resolve(import.meta.dirname, "../../scripts/backends.mjs");
const NO_BROWSER = { CHROMIUM_PATH: "/nowhere" };

test("--check says of each whether it is there and where it would be, with a status for scripts", () => {
  const home = folder();
  const { path } = binaryOf("jaeger", { HOME: home });
  put(path);
  const chromium = join(home, "browser");
  put(chromium);
  expect(backends(["--check"], { HOME: home, CHROMIUM_PATH: chromium })).toEqual({
    status: 1,
    stderr: "",
    stdout: `backends: otelcol  missing ${binaryOf("otelcol", { HOME: home }).path}
backends: jaeger   there   ${path}
backends: chromium there   ${chromium}
`,
  });
  put(binaryOf("otelcol", { HOME: home }).path);
  expect(backends(["--check"], { HOME: home, CHROMIUM_PATH: chromium }).status).toBe(0);
  expect(backends(["--check"], { HOME: home, ...NO_BROWSER }).stdout).toContain(
    "chromium missing\n",
  );
});

test("a folder of ready binaries is used as it is: nothing is built into it", () => {
  const given = folder();
  put(join(given, exe("otelcol")));
  expect(backends([], { HOME: given, OTEL_LIFECYCLE_BACKENDS: given })).toEqual({
    status: 1,
    stdout: "",
    stderr: `backends: FAILED jaeger: not in OTEL_LIFECYCLE_BACKENDS, ${given}\n`,
  });
  put(join(given, exe("jaeger")));
  expect(backends([], { HOME: given, OTEL_LIFECYCLE_BACKENDS: given })).toEqual({
    status: 0,
    stdout: "",
    stderr: "",
  });
});

test("what is there already is not built again", () => {
  expect(backends([], { HOME: homeWithBackends() })).toEqual({ status: 0, stdout: "", stderr: "" });
});

test.skipIf(process.platform === "win32")(
  // Neither goes on before the other has begun.
  "both are built in their places, whole also by two builds at once, and nothing else is left",
  async () => {
    const home = folder();
    put(
      join(home, "go"),
      `#!/bin/sh
case $1 in
  env)
    echo go1.26.8
    : > '${home}'/begun.$PPID
    n=0
    until [ -e "$2" ] || [ $((n += 1)) -gt 200 ]; do
      /bin/sleep 0.05
      set -- '${home}'/begun.*
    done ;;
  run) [ "$4" = '${MANIFEST}' ] && /bin/mkdir dist ;;
  mod) echo '{"Dir":"${home}"}' ;;
  build) echo "$5 by $GOTOOLCHAIN Go without C, $CGO_ENABLED: $GOFLAGS" > "$4" ;;
esac
`,
    );
    const env = { HOME: home, PATH: home, GOFLAGS: "-p=1" };
    const options = { env } as const;
    const builds = [1, 2].map(() => promisify(execFile)(process.execPath, [script], options));
    for (const { stdout, stderr } of await Promise.all(builds)) {
      expect(stderr).toBe("");
      expect(stdout).toMatch(/^backends: otelcol: ready after \d s$/m);
      expect(stdout).toMatch(/^backends: jaeger: ready after \d s$/m);
    }
    const built = (["otelcol", "jaeger"] as const).map(
      (name) => binaryOf(name, { HOME: home }).path,
    );
    const flags = "by local Go without C, 0: -p=1 -trimpath -buildvcs=false\n";
    expect(built.map((path) => readFileSync(path, "utf8"))).toEqual([
      `. ${flags}`,
      `./cmd/jaeger ${flags}`,
    ]);
    expect(readdirSync(cacheFolder({ HOME: home })).sort()).toEqual(
      built.map((path) => basename(dirname(path))).sort(),
    );
  },
);

test("outside CI --in-ci does nothing", () => {
  expect(backends(["--in-ci"], { HOME: folder() })).toEqual({ status: 0, stdout: "", stderr: "" });
});

test("without Go, and with nothing to download it from, it says what to install", () => {
  expect(backends([], { HOME: folder(), GOPROXY: "off" })).toEqual({
    status: 1,
    stdout: `backends: building otelcol and jaeger: about 8 min on 2 cores from nothing
backends: Go is not on the PATH: 1.25 or newer is needed
`,
    stderr: `backends: FAILED Go is not on the PATH, and it could not be downloaded: GOPROXY=off has nothing to download Go from
Install Go 1.25 or newer from https://go.dev/dl, or name a folder with ready binaries
in OTEL_LIFECYCLE_BACKENDS.
`,
  });
});

test.skipIf(process.platform === "win32")("a Go that is too old is not used", () => {
  const home = folder();
  put(join(home, "go"), "#!/bin/sh\necho go1.24.9\n");
  const { stdout } = backends([], { HOME: home, PATH: home, GOPROXY: "off" });
  expect(stdout).toContain("Go 1.24.9 is too old: 1.25 or newer is needed\n");
});

test.skipIf(process.platform === "win32")(
  "a build that fails shows the end of Go's output and the remedy, and leaves nothing behind",
  () => {
    const home = folder();
    const fake = `#!/bin/sh
case $1 in
  env) echo go1.26.8 ;;
  *) for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do echo line $i; done
     echo "write: no space left on device" >&2; exit 1 ;;
esac
`;
    put(join(home, "go"), fake);
    put(binaryOf("otelcol", { HOME: home }).path);
    const { status, stderr } = backends([], { HOME: home, PATH: `${home}:/usr/bin:/bin` });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^backends: FAILED jaeger: \$ go mod download -json .*\nline 2\n/);
    expect(readdirSync(cacheFolder({ HOME: home })).filter((name) => name.startsWith("b"))).toEqual(
      [],
    );
    expect(stderr).toMatch(/\nline 30\nwrite: no space left on device\nThe disk is full: .*\n$/);
  },
);

test.skipIf(process.platform === "win32").each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)(
  "a build that is ended by %s leaves nothing behind, and no Go at work",
  async (signal, status) => {
    const home = folder();
    put(
      join(home, "go"),
      `#!/bin/sh
[ $1 = env ] && echo go1.26.8 && exit
echo $$ > '${home}/begun'; exec /bin/sleep 60
`,
    );
    put(binaryOf("otelcol", { HOME: home }).path);
    const child = spawn(process.execPath, [script], { env: { HOME: home, PATH: home } });
    const ended = once(child, "close");
    await vi.waitFor(() => expect(readFileSync(join(home, "begun"), "utf8")).toMatch(/\n$/), {
      timeout: 10_000,
    });
    child.kill(signal);
    expect(await ended).toEqual([status, null]);
    expect(readdirSync(cacheFolder({ HOME: home })).filter((name) => name.startsWith("b"))).toEqual(
      [],
    );
    const go = Number(readFileSync(join(home, "begun"), "utf8"));
    await vi.waitFor(() => expect(() => process.kill(go, 0)).toThrow("ESRCH"), { timeout: 10_000 });
  },
);

test.skipIf(process.platform === "win32").each([
  ["dial tcp: lookup proxy.golang.org: i/o timeout", 3, "The network failed: "],
  ["proxy.golang.org: 503 Service Unavailable", 3, "The network failed: "],
  ["main.go:503 undefined: x", 1, "CONTRIBUTING.md, "],
])("what the network breaks is tried three times, and nothing else: %s", (error, times, remedy) => {
  const home = folder();
  put(
    join(home, "go"),
    `#!/bin/sh
[ $1 = env ] && echo go1.26.8 && exit
echo once >> '${home}/log'; echo '${error}' >&2; exit 1
`,
  );
  put(binaryOf("otelcol", { HOME: home }).path);
  const { stderr } = backends([], { HOME: home, PATH: home });
  expect(stderr).toContain(`\n${error}\n${remedy}`);
  expect(readFileSync(join(home, "log"), "utf8")).toBe("once\n".repeat(times));
});

test.skipIf(process.platform !== "linux")("in CI a missing browser is installed by apt-get", () => {
  const home = homeWithBackends();
  put(join(home, "sudo"), '#!/bin/sh\nshift\nexec "$@"\n');
  put(
    join(home, "apt-get"),
    `#!/bin/sh
echo "$DEBIAN_FRONTEND $*" >> '${home}/log'
case $* in *chromium) /bin/cp '${home}/sudo' '${home}/chromium' ;; esac
`,
  );
  const env = { HOME: home, CI: "true", PATH: home };
  expect(backends(["--in-ci"], env)).toMatchObject({ status: 0, stderr: "" });
  expect(readFileSync(join(home, "log"), "utf8")).toBe(
    `noninteractive -o Acquire::Retries=3 update
noninteractive -o Acquire::Retries=3 install -y --no-install-recommends chromium
`,
  );
});

test("in CI a browser that cannot be installed fails, with what to do", () => {
  const { status, stderr } = backends(["--in-ci"], {
    HOME: homeWithBackends(),
    CI: "true",
    ...NO_BROWSER,
  });
  expect(stderr).toMatch(/^backends: FAILED chromium: /);
  expect(stderr).toContain(
    "\nInstall Chromium or Google Chrome, or name its program in CHROMIUM_PATH.\n",
  );
  expect(status).toBe(1);
});

const homeWithBackends = (): string => {
  const home = folder();
  for (const name of ["otelcol", "jaeger"] as const) put(binaryOf(name, { HOME: home }).path);
  return home;
};

const exe = (name: string): string => (process.platform === "win32" ? `${name}.exe` : name);

const folder = (): string => {
  const path = mkdtempSync(join(tmpdir(), "otel-lifecycle-backends-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
};

const put = (path: string, content = ""): void => {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, 0o755);
};

/** Runs the script with that environment and no other: nothing of this machine's is on its PATH. */
const backends = (args: readonly string[], env: Readonly<Record<string, string>>) => {
  const options = { encoding: "utf8", env: { PATH: "", ...env } } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], options);
  return { status, stdout, stderr };
};
