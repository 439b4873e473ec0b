import { expect, test } from "vitest";
import { isEnough } from "../../scripts/backends/go.mjs";
import { binaryOf, keyOf, PINS } from "../../scripts/backends/pins.mjs";

const platform = { os: "linux", arch: "amd64" };
const manifest = "dist:\n  name: otelcol\n";
const same = { pins: PINS, manifest, platform };

test.each([
  ["the manifest", { ...same, manifest: `${manifest}#` }, ["otelcol"]],
  ["the builder", { ...same, pins: { ...PINS, builder: "builder@v0.159.0" } }, ["otelcol"]],
  ["Jaeger's version", { ...same, pins: { ...PINS, jaeger: "jaeger@v1.77.0" } }, ["jaeger"]],
  ["the flags", { ...same, pins: { ...PINS, flags: [] } }, ["otelcol", "jaeger"]],
  ["the system", { ...same, platform: { os: "darwin", arch: "amd64" } }, ["otelcol", "jaeger"]],
  ["the processor", { ...same, platform: { os: "linux", arch: "arm64" } }, ["otelcol", "jaeger"]],
  ["nothing", { ...same }, []],
])("a binary is built anew when %s changes, and only what is made from it", (_what, of, anew) => {
  const names = (["otelcol", "jaeger"] as const).filter(
    (name) => keyOf(name, of) !== keyOf(name, same),
  );
  expect(names).toEqual(anew);
});

test("a key is fit for a name of a folder, and each binary has its own", () => {
  const keys = [keyOf("otelcol", same), keyOf("jaeger", same)];
  expect(keys).toEqual([
    expect.stringMatching(/^[0-9a-f]{16}$/),
    expect.not.stringMatching(keys[0] ?? ""),
  ]);
});

test.each([
  ["1.24.13", false],
  ["1.25", true],
  ["1.25.0", true],
  ["1.26.8", true],
  ["1.9.7", false],
  ["2.0", true],
])("Go %s is new enough: %s", (version, expected) => {
  expect(isEnough(version)).toBe(expected);
});

test("XDG_CACHE_HOME moves the cache", () => {
  const file = process.platform === "win32" ? "otelcol.exe" : "otelcol";
  const { path } = binaryOf("otelcol", { HOME: "/home/me", XDG_CACHE_HOME: "/caches" });
  expect(path).toBe(`/caches/otel-lifecycle/backends/otelcol-${keyOf("otelcol")}/${file}`);
});
