import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { cacheFolder, platform } from "./pins.mjs";
import { installToolchain, TOOLCHAIN } from "./toolchain.mjs";

/** The `go` directive of the Collector's modules; Jaeger's is older. */
const GO_MINIMUM = "1.25";

/**
 * A Go that is new enough, by the environment that runs it as `go`: the one on the PATH, else one
 * of our own, which is downloaded if it must be. Rejects with how to install it.
 * @param {(line: string) => void} say
 * @returns {Promise<NodeJS.ProcessEnv>}
 */
export async function requireGo(say) {
  const found = versionOf("go");
  if (found !== undefined && isEnough(found)) return environment(process.env);
  const folder = join(cacheFolder(), `go${TOOLCHAIN.version}`);
  const go = join(folder, "bin", process.platform === "win32" ? "go.exe" : "go");
  if (!existsSync(go)) {
    const reason = found === undefined ? "Go is not on the PATH" : `Go ${found} is too old`;
    say(`${reason}: ${GO_MINIMUM} or newer is needed`);
    const goproxy = process.env["GOPROXY"];
    await installToolchain({ folder, platform: platform(), goproxy, say }).catch((error) => {
      throw new Error(`${reason}, and it could not be downloaded: ${causeOf(error)}
Install Go ${GO_MINIMUM} or newer from https://go.dev/dl, or name a folder with ready binaries
in OTEL_LIFECYCLE_BACKENDS.`);
    });
  }
  return environment(ownGo(go));
}

/**
 * @param {string} go
 * @returns {string | undefined}
 */
function versionOf(go) {
  const env = { ...process.env, GOTOOLCHAIN: "local" };
  const { stdout } = spawnSync(go, ["env", "GOVERSION"], { encoding: "utf8", env });
  return /^go(\d+\.\d+(\.\d+)?)/.exec(stdout ?? "")?.[1];
}

/** @param {string} version */
export function isEnough(version) {
  return version.localeCompare(GO_MINIMUM, "en", { numeric: true }) >= 0;
}

/**
 * @param {string} go
 * @returns {NodeJS.ProcessEnv}
 */
function ownGo(go) {
  const cache = cacheFolder();
  const { GOROOT: _, ...env } = process.env;
  return {
    ...env,
    PATH: [dirname(go), env["PATH"]].join(delimiter),
    // Beside it, for whoever has no Go wants no folder of its in the home directory either.
    GOPATH: join(cache, "go-path"),
    GOCACHE: join(cache, "go-build"),
    GOFLAGS: `${env["GOFLAGS"] ?? ""} -modcacherw`,
  };
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
function environment(env) {
  const { os, arch } = platform();
  return {
    ...env,
    GOOS: os,
    GOARCH: arch,
    // Neither a newer Go nor a C compiler is fetched or called unseen.
    GOTOOLCHAIN: "local",
    CGO_ENABLED: "0",
    GOWORK: "off",
    // For all alike, so that they share what they compile.
    GOFLAGS: `${env["GOFLAGS"] ?? ""} -trimpath -buildvcs=false`.trim(),
  };
}

/** @param {Error} error */
function causeOf({ message, cause }) {
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
