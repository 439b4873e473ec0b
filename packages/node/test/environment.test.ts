import { resolve } from "node:path";
import { type DiagLogger, diag, SpanKind } from "@opentelemetry/api";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { readLifecycleEnvironment } from "../src/environment.ts";
import { batchLimitsFromEnvironment, spanLimitsFromEnvironment } from "../src/limits.ts";
import { otlpForm } from "../src/otlp-exporter.ts";
import { propagatorFromEnvironment } from "../src/propagator.ts";
import { samplerFromEnvironment } from "../src/sampler.ts";

const warnings: string[] = [];
const silent = () => {};

beforeEach(() => {
  warnings.length = 0;
  const warn: DiagLogger["warn"] = (...words) => void warnings.push(words.join(" "));
  diag.setLogger({ error: silent, warn, info: silent, debug: silent, verbose: silent });
});
afterEach(() => {
  vi.unstubAllEnvs();
  diag.disable();
});

const SHUTDOWN = "OTEL_LIFECYCLE_SHUTDOWN_TIMEOUT";
const RUNS = "OTEL_LIFECYCLE_AUTOMATIC_RUNS";
const readers = {
  ours: readLifecycleEnvironment,
  sampler: () => samplerFromEnvironment()?.toString(),
  limits: spanLimitsFromEnvironment,
  batches: batchLimitsFromEnvironment,
  propagator: () => propagatorFromEnvironment()?.fields(),
  form: () => otlpForm().contentType,
};
const INCIDENTS = "OTEL_LIFECYCLE_INCIDENTS";
const FILE = "OTEL_LIFECYCLE_INCIDENTS_FILE";
const defaults = {
  shutdownTimeoutMs: 3000,
  automaticRuns: true,
  isRescuing: false,
  incidents: undefined,
  journal: undefined,
};
const JOURNAL = "OTEL_LIFECYCLE_JOURNAL";
const LIMIT = "OTEL_LIFECYCLE_JOURNAL_LIMIT";
const SYNC = "OTEL_LIFECYCLE_JOURNAL_SYNC";
const IN_A = { ...defaults, journal: { directory: "/a" } };
const W3C = ["traceparent", "tracestate", "baggage"];

describe("the environment", () => {
  it.each<[keyof typeof readers, Readonly<Record<string, string>>, unknown]>([
    ["ours", {}, defaults],
    ["ours", { [SHUTDOWN]: "0" }, { ...defaults, shutdownTimeoutMs: 0 }],
    ["ours", { [SHUTDOWN]: "2147483647" }, { ...defaults, shutdownTimeoutMs: 2 ** 31 - 1 }],
    ["ours", { [RUNS]: "false" }, { ...defaults, automaticRuns: false }],
    [
      "ours",
      { [RUNS]: " Server, consumer" },
      { ...defaults, automaticRuns: { kinds: [SpanKind.SERVER, SpanKind.CONSUMER] } },
    ],
    ["ours", { OTEL_LIFECYCLE_SAMPLER: "rescue" }, { ...defaults, isRescuing: true }],
    ["ours", { [INCIDENTS]: "On" }, { ...defaults, incidents: {} }],
    ["ours", { [INCIDENTS]: "off" }, defaults],
    ["ours", { [FILE]: "a.jsonl" }, { ...defaults, incidents: { file: "a.jsonl" } }],
    ["ours", { [FILE]: "a.jsonl", [INCIDENTS]: "off" }, defaults],
    ["ours", { [JOURNAL]: "/a" }, IN_A],
    ["ours", { [JOURNAL]: "a/b" }, { ...defaults, journal: { directory: resolve("a/b") } }],
    ...(
      [
        [LIMIT, "1048576", { maxBytes: 1_048_576 }],
        [LIMIT, "17179869184", { maxBytes: 17_179_869_184 }],
        [SYNC, "10", { syncIntervalMs: 10 }],
        [SYNC, "60000", { syncIntervalMs: 60_000 }],
      ] as const
    ).map(
      ([name, value, given]): [
        "ours",
        Readonly<Record<string, string>>,
        typeof defaults | typeof IN_A,
      ] => [
        "ours",
        { [JOURNAL]: "/a", [name]: value },
        { ...defaults, journal: { directory: "/a", ...given } },
      ],
    ),
    ["sampler", {}, undefined],
    ["sampler", { OTEL_TRACES_SAMPLER: "always_off" }, "AlwaysOffSampler"],
    [
      "sampler",
      { OTEL_TRACES_SAMPLER: "traceidratio", OTEL_TRACES_SAMPLER_ARG: "0.25" },
      "TraceIdRatioBased{0.25}",
    ],
    ["sampler", { OTEL_TRACES_SAMPLER: "traceidratio" }, "TraceIdRatioBased{1}"],
    ["limits", {}, {}],
    [
      "limits",
      { OTEL_ATTRIBUTE_COUNT_LIMIT: "9", OTEL_SPAN_LINK_COUNT_LIMIT: "7" },
      { attributeCountLimit: 9, linkCountLimit: 7 },
    ],
    [
      "limits",
      { OTEL_ATTRIBUTE_COUNT_LIMIT: "9", OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT: "8" },
      { attributeCountLimit: 8 },
    ],
    ["batches", {}, { maxQueueSize: 65_536 }],
    [
      "batches",
      { OTEL_BSP_MAX_QUEUE_SIZE: "10", OTEL_BSP_SCHEDULE_DELAY: "20" },
      { maxQueueSize: 10, scheduledDelayMillis: 20 },
    ],
    ["propagator", {}, W3C],
    ["propagator", { OTEL_PROPAGATORS: "baggage" }, ["baggage"]],
    ["propagator", { OTEL_PROPAGATORS: "none" }, undefined],
    ["form", {}, "application/x-protobuf"],
    ["form", { OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" }, "application/json"],
    ["form", { OTEL_EXPORTER_OTLP_PROTOCOL: " " }, "application/x-protobuf"],
  ])("gives %s with %j", (reader, given, expected) => {
    for (const [name, value] of Object.entries(given)) vi.stubEnv(name, value);
    expect({ value: readers[reader](), warnings }).toEqual({ value: expected, warnings: [] });
  });

  it.each<[keyof typeof readers, string, string, unknown]>([
    ["ours", SHUTDOWN, "3s", defaults],
    ["ours", SHUTDOWN, "2147483648", defaults],
    ["ours", RUNS, "servers", defaults],
    ["ours", RUNS, "server,jobs", { ...defaults, automaticRuns: { kinds: [SpanKind.SERVER] } }],
    ["ours", "OTEL_LIFECYCLE_SAMPLER", "keep", defaults],
    ["ours", INCIDENTS, "yes", defaults],
    ["ours", "OTEL_EXPORTER_OTLP_ENDPOINT", "localhost:4318", defaults],
    ["ours", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "grpc://collector:4317", defaults],
    ["sampler", "OTEL_TRACES_SAMPLER", "jaeger_remote", undefined],
    ["batches", "OTEL_BSP_MAX_QUEUE_SIZE", "0", { maxQueueSize: 65_536 }],
    ["propagator", "OTEL_PROPAGATORS", "b3,baggage", ["baggage"]],
    ["propagator", "OTEL_PROPAGATORS", "b3", undefined],
    ["form", "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "application/x-protobuf"],
  ])(
    "warns once, for %s of %s=%s, what was expected and given (rule 38)",
    (reader, name, value, expected) => {
      vi.stubEnv(name, value);
      expect({ value: readers[reader](), warnings }).toEqual({
        value: expected,
        warnings: [
          expect.stringMatching(new RegExp(`${name}: expected .*; got "${value}". Using .*\\.$`)),
        ],
      });
    },
  );

  it.each([
    [LIMIT, "1048575"],
    [LIMIT, "17179869185"],
    [LIMIT, "64MiB"],
    [LIMIT, "1e7"],
    [SYNC, "9"],
    [SYNC, "60001"],
    [SYNC, "on"],
  ])("warns once of %s=%s, and keeps a journal without it (rule 38)", (name, value) => {
    vi.stubEnv(JOURNAL, "/a");
    vi.stubEnv(name, value);
    expect({ value: readers.ours(), warnings }).toEqual({
      value: IN_A,
      warnings: [
        expect.stringMatching(
          new RegExp(`${name}: expected \\w+ from \\d+ to \\d+; got "${value}". Using .*\\.$`),
        ),
      ],
    });
  });

  it.each([LIMIT, SYNC])("warns of %s where no journal is asked for (rule 38)", (name) => {
    vi.stubEnv(name, "1048576");
    expect({ value: readers.ours(), warnings }).toEqual({
      value: defaults,
      warnings: [expect.stringContaining(`${name} has no effect without ${JOURNAL}.`)],
    });
  });

  it("warns of a name that is none of ours, because a misspelt one is no error anywhere (rule 38)", () => {
    vi.stubEnv("OTEL_LIFECYCLE_SHUTDOWN_TIMOUT", "5");
    expect({ value: readers.ours(), warnings }).toEqual({
      value: defaults,
      warnings: [
        expect.stringMatching(
          /OTEL_LIFECYCLE_SHUTDOWN_TIMOUT: expected one of .*_TIMEOUT\. It is not read/,
        ),
      ],
    });
  });

  it.each(["2", "half"])(
    "takes a ratio of 1 for OTEL_TRACES_SAMPLER_ARG=%s, with a warning (rule 38)",
    (ratio) => {
      vi.stubEnv("OTEL_TRACES_SAMPLER", "traceidratio");
      vi.stubEnv("OTEL_TRACES_SAMPLER_ARG", ratio);
      expect({ value: readers.sampler(), warnings }).toEqual({
        value: "TraceIdRatioBased{1}",
        warnings: [expect.stringContaining(`a number from 0 to 1; got "${ratio}"`)],
      });
    },
  );
});
