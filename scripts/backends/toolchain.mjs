import { createHash, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";

/** @typedef {{ version: string, sums: Readonly<Record<string, string>> }} ToolchainPin */

const MODULE = "golang.org/toolchain";
const ATTEMPTS = 3;

/**
 * The Go that is fetched where there is none, with the checksums that sum.golang.org holds for it
 * (`go mod download -json golang.org/toolchain@v0.0.1-go1.26.8.linux-amd64`).
 * @type {ToolchainPin}
 */
export const TOOLCHAIN = {
  version: "1.26.8",
  sums: {
    "linux-amd64": "h1:ZOmGe1OnfREDMIdb1Qi4G9JSuDPBLGExZMQ4nis1RXM=",
    "linux-arm64": "h1:sYL/O6MqS68ML0kjsQ36WoYIpJqkw60TxizWUYUKQMc=",
    "darwin-amd64": "h1:7/9KPPN8PckcA9s91hm2jmQMhzW4KyTJXHIs45L0C9M=",
    "darwin-arm64": "h1:dFjGhY6f8DTsY8/rLchUTDRRfjJP4pCrGCwxvHFT2Fg=",
  },
};

/**
 * Downloads Go as Go itself does, as a module from the first entry of `GOPROXY`, checks it and puts
 * it into `folder`, at once or not at all. Rejects with what to do instead.
 * @param {object} options
 * @param {string} options.folder
 * @param {import("./pins.mjs").Platform} options.platform
 * @param {ToolchainPin} [options.pin]
 * @param {string | undefined} options.goproxy
 * @param {(line: string) => void} options.say
 */
export async function installToolchain({ folder, platform, pin = TOOLCHAIN, goproxy, say }) {
  const name = `${platform.os}-${platform.arch}`;
  const expected = pin.sums[name];
  if (expected === undefined) throw new Error(`no Go is pinned for ${name}`);
  const version = `v0.0.1-go${pin.version}.${name}`;
  const url = new URL(`${proxyOf(goproxy)}/${MODULE}/@v/${version}.zip`);
  say(`downloading Go ${pin.version}, 70 MB, from ${url.protocol}//${url.host}${url.pathname}`);
  const files = unzipSync(await contentOf(url));
  const sum = sumOf(files);
  if (sum !== expected) throw new Error(`Go has the checksum ${sum}, expected ${expected}`);
  await put(files, `${MODULE}@${version}/`, folder);
}

/** @param {string | undefined} goproxy */
function proxyOf(goproxy) {
  const [first = ""] = (goproxy || "https://proxy.golang.org").split(/[,|]/);
  if (!URL.canParse(first)) throw new Error(`GOPROXY=${first} has nothing to download Go from`);
  return first.replace(/\/$/, "");
}

/**
 * @param {URL} url
 * @returns {Promise<Uint8Array>}
 */
async function contentOf(url) {
  if (url.protocol === "file:") return readFile(url);
  const { username, password } = url;
  // As Go does; fetch refuses a URL that holds them.
  const login = btoa(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`);
  url.username = "";
  url.password = "";
  const headers = username ? { authorization: `Basic ${login}` } : undefined;
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(url, headers && { headers });
      if (!response.ok) throw new Error(`${url.host} answered ${response.status}`);
      return new Uint8Array(await response.arrayBuffer());
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
    }
  }
}

/**
 * The sum that go.sum and sum.golang.org hold: over the files and not over the archive, because a
 * proxy may pack them anew (golang.org/x/mod/sumdb/dirhash, Hash1).
 * @param {Record<string, Uint8Array>} files
 */
function sumOf(files) {
  const all = createHash("sha256");
  for (const name of Object.keys(files).sort()) {
    const one = createHash("sha256")
      .update(files[name] ?? "")
      .digest("hex");
    all.update(`${one}  ${name}\n`);
  }
  return `h1:${all.digest("base64")}`;
}

/**
 * @param {Record<string, Uint8Array>} files
 * @param {string} prefix
 * @param {string} folder
 */
async function put(files, prefix, folder) {
  const temporary = `${folder}.${randomUUID()}`;
  for (const [name, content] of Object.entries(files)) {
    // A module cannot contain others, so their go.mod files were renamed for the way.
    const path = name.slice(prefix.length).replace(/(^|\/)_go\.mod$/, "$1go.mod");
    await mkdir(dirname(join(temporary, path)), { recursive: true });
    await writeFile(join(temporary, path), content);
    // Nor does it keep modes.
    if (/^(bin|pkg\/tool)\//.test(path)) await chmod(join(temporary, path), 0o755);
  }
  await rename(temporary, folder).catch(async (error) => {
    await rm(temporary, { recursive: true, force: true });
    // Somebody else was first, with the same.
    if (!existsSync(folder)) throw error;
  });
}
