import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { root } from "../packages.mjs";

/**
 * @typedef {"otelcol" | "jaeger"} BackendName
 * @typedef {{ readonly os: string, readonly arch: string }} Platform as Go names them
 * @typedef {Readonly<Record<string, string | undefined>>} Environment
 */

/**
 * What is built. Nothing else needs a pin: Go takes for every module the highest version that the
 * modules named here, and theirs, ask for (minimal version selection), never a newer one because it
 * has come out; and the content of each is checked against sum.golang.org, whose settings
 * (GONOSUMDB, GOFLAGS) stay the user's own.
 */
export const PINS = {
  /** Of the Collector's manifest, `test/backends/otelcol.yaml`, which pins its components. */
  builder: "go.opentelemetry.io/collector/cmd/builder@v0.158.0",
  /** Jaeger v2.13.0; its Go module still counts in v1. */
  jaeger: "github.com/jaegertracing/jaeger@v1.76.0",
  /** Symbols for a debugger are half of a binary. */
  flags: ["-ldflags=-s -w"],
};

/** The manifest of the Collector: https://opentelemetry.io/docs/collector/extend/ocb. */
export const MANIFEST = join(root, "test/backends/otelcol.yaml");

/** @type {readonly BackendName[]} */
export const BACKENDS = ["otelcol", "jaeger"];

/**
 * This machine's.
 * @returns {Platform}
 */
export function platform() {
  const os = process.platform === "win32" ? "windows" : process.platform;
  return { os, arch: process.arch === "x64" ? "amd64" : process.arch };
}

/**
 * 16 hex digits that change with whatever the binary is made from and for.
 * @param {BackendName} name
 * @param {{ pins?: typeof PINS, manifest?: string, platform?: Platform }} [of] default: what is pinned, here
 */
export function keyOf(name, of = {}) {
  const { pins = PINS, manifest = readFileSync(MANIFEST, "utf8") } = of;
  const { os, arch } = of.platform ?? platform();
  const made = name === "otelcol" ? [pins.builder, manifest] : [pins.jaeger];
  const parts = JSON.stringify([name, ...made, ...pins.flags, os, arch]);
  return createHash("sha256").update(parts).digest("hex").slice(0, 16);
}

/**
 * The folder of everything that is built or downloaded here; it can be removed at any time.
 * @param {Environment} [env]
 */
export function cacheFolder(env = process.env) {
  const caches = env["XDG_CACHE_HOME"] || join(env["HOME"] || homedir(), ".cache");
  return join(caches, "otel-lifecycle/backends");
}

/**
 * Where a backend's binary is, or would be: in the folder that `OTEL_LIFECYCLE_BACKENDS` names,
 * used as it is, else in the cache under its key.
 * @param {BackendName} name
 * @param {Environment} [env]
 */
export function binaryOf(name, env = process.env) {
  const file = process.platform === "win32" ? `${name}.exe` : name;
  const given = env["OTEL_LIFECYCLE_BACKENDS"];
  const path = given ? join(given, file) : join(cacheFolder(env), `${name}-${keyOf(name)}`, file);
  return { path, isThere: existsSync(path) };
}
