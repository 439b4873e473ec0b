import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { LifecycleError, startRun } from "@otel-lifecycle/api";
import { recordMetrics } from "@otel-lifecycle/sdk";
import { afterEach, describe, expect, test, vi } from "vitest";
import { recoverInto, recoverJournals } from "../../../src/journal/recovery/recover.ts";
import type { RecoveryOptions, RecoveryProgress } from "../../../src/journal/recovery/recovery.ts";
import { registerMeters } from "../../metrics/metering.ts";
import { usePlace } from "../folder/journals.ts";
import {
  action,
  createExporter,
  header,
  idOf,
  LAST_SIGN,
  type Line,
  leave,
  run,
  source,
} from "./dead-journal.ts";

const place = usePlace();
afterEach(() => {
  vi.useRealTimers();
});

const RUNS = [run(1), run(2), run(3), run(4), run(5)];
const idsOf = (batches: ReturnType<typeof createExporter>["batches"]): readonly string[][] =>
  batches.map((spans) => spans.map((span) => span.spanContext().spanId));
const leaveRuns = (...lines: readonly Line[]): string =>
  leave(place.directory, [[header(), source(), ...RUNS, ...lines]]);

describe("what is taken over is delivered at least once (rule 25)", () => {
  test("in batches, with progress after each", async () => {
    leaveRuns();
    const { exporter, batches } = createExporter();
    const progress: RecoveryProgress[] = [];
    await recoverJournals(place.directory, exporter, {
      batchSize: 2,
      onProgress: (one) => void progress.push(one),
    });
    expect(idsOf(batches)).toEqual([[idOf(1), idOf(2)], [idOf(3), idOf(4)], [idOf(5)]]);
    expect(progress.map(({ exported }) => exported)).toEqual([2, 4, 5, 5]);
    expect(progress.every(({ journals, spans }) => journals === 1 && spans === 5)).toBe(true);
  });

  test("a recovery that gives up leaves the rest to the next, which says the same", async () => {
    const id = leaveRuns(action(6));
    const first = createExporter([0, 1]);
    const result = await recoverJournals(place.directory, first.exporter, {
      batchSize: 2,
      maxAttempts: 1,
      exit: { signal: "SIGKILL" },
    });
    expect(result).toMatchObject({ spans: 6, exported: 2, lost: 2, isComplete: false });
    const [taker] = readdirSync(place.directory);
    const path = join(place.directory, taker ?? "", "taken", id);
    expect(JSON.parse(readFileSync(join(path, "fate.json"), "utf8"))).toMatchObject({
      lastSign: LAST_SIGN,
      exit: { signal: "SIGKILL" },
    });
    expect(statSync(join(path, "fate.json")).mode & 0o777).toBe(0o600);
    expect(statSync(join(path, "00000001.log")).mtimeMs).toBe(LAST_SIGN);

    const second = createExporter();
    const rest = await recoverJournals(place.directory, second.exporter, { exit: { code: 0 } });
    expect(rest).toMatchObject({ journals: 1, spans: 4, exported: 4, lost: 3, isComplete: true });
    expect(idsOf(second.batches)).toEqual([[idOf(3), idOf(4), idOf(5)], [idOf(6)]]);
    const [lost] = second.batches.flat();
    expect(lost?.attributes).toMatchObject({ "lifecycle.loss.signal": "SIGKILL" });
    const last = second.batches.flat().at(-1);
    expect(last?.attributes["lifecycle.action.unsettled_run_count"]).toBe(5);
    expect(last?.links.map(({ context }) => context.spanId)).toEqual([1, 2, 3, 4, 5].map(idOf));
    expect(readdirSync(place.directory)).toEqual([]);
  });

  test("behind an acknowledgement that is torn the next one holds", async () => {
    const id = leaveRuns();
    writeFileSync(join(place.directory, id, "acknowledged.log"), "12345678 A0 [1");
    const first = createExporter([0, 1]);
    const options: RecoveryOptions = { batchSize: 2, maxAttempts: 1 };
    await recoverJournals(place.directory, first.exporter, options);
    const second = createExporter();
    await recoverJournals(place.directory, second.exporter);
    expect(idsOf(second.batches)).toEqual([[idOf(3), idOf(4), idOf(5)]]);
  });

  test("a batch that is refused is tried again in growing intervals", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const timers = vi.spyOn(globalThis, "setTimeout");
    leaveRuns();
    const { exporter, batches } = createExporter([1, 1, 1]);
    const recovery = recoverJournals(place.directory, exporter, { maxAttempts: 4 });
    // What comes between two of them is the real file system's, and takes as long as it takes.
    while (batches.length === 0) {
      await vi.advanceTimersByTimeAsync(50);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await recovery).toMatchObject({ exported: 5, isComplete: true });
    const waits = timers.mock.calls.map(([, ms = 0]) => ms);
    const most = [1_000, 2_000, 4_000];
    expect(waits.map((ms, at) => ms >= (most[at] ?? 0) * 0.75 && ms <= (most[at] ?? 0))).toEqual([
      true,
      true,
      true,
    ]);
    expect(batches.flat()).toHaveLength(5);
  });

  const REFUSED = Object.assign(new Error("x"), { code: 400 });
  const refusing = (isPoison: (ids: readonly string[]) => boolean) => {
    const { exporter, batches } = createExporter();
    let asked = 0;
    const refuser: typeof exporter = {
      ...exporter,
      export: (spans, done) => {
        asked += 1;
        if (isPoison(spans.map((span) => span.spanContext().spanId))) {
          done({ code: 1, error: REFUSED });
        } else exporter.export(spans, done);
      },
    };
    return { refuser, batches, asked: () => asked };
  };

  test.each([1, 3, 5])("a span %i that is refused for good holds nothing up", async (poison) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    leaveRuns();
    leaveRuns();
    const { refuser, batches } = refusing((ids) => ids.includes(idOf(poison)));
    let isOver = false;
    const recovery = recoverJournals(place.directory, refuser, { batchSize: 2 }).finally(() => {
      isOver = true;
    });
    await vi.waitFor(async () => {
      await vi.advanceTimersByTimeAsync(8_000);
      expect(isOver).toBe(true);
    });
    const others = [1, 2, 3, 4, 5].filter((n) => n !== poison).map(idOf);
    expect(idsOf(batches).flat().toSorted()).toEqual([...others, ...others].toSorted());
    // Alone in its batch, it is left: nobody can tell that it is the span.
    const refused = poison === 5 ? 0 : 2;
    const isComplete = refused > 0;
    expect(await recovery).toMatchObject({ spans: 10, exported: 8, refused, isComplete });
    expect(readdirSync(place.directory)).toHaveLength(isComplete ? 0 : 1);
  });

  test("an endpoint that refuses everything says nothing about a span", async () => {
    leaveRuns();
    const { refuser, asked } = refusing(() => true);
    const result = await recoverJournals(place.directory, refuser, { maxAttempts: 1 });
    expect(result).toMatchObject({ spans: 5, exported: 0, refused: 0, isComplete: false });
    // All, two, and one.
    expect(asked()).toBe(3);
    const { exporter } = createExporter();
    expect(await recoverJournals(place.directory, exporter)).toMatchObject({ exported: 5 });
  });

  test("an exporter that throws is one that refuses", async () => {
    leaveRuns();
    const exporter = {
      export: () => {
        throw new Error("x");
      },
      shutdown: () => Promise.resolve(),
    };
    const result = await recoverJournals(place.directory, exporter, { maxAttempts: 1 });
    expect(result).toMatchObject({ exported: 0, isComplete: false });
  });

  test("a signal stops it, also while an exporter does not answer", async () => {
    leaveRuns();
    const stop = new AbortController();
    const silent = { export: () => stop.abort(), shutdown: () => Promise.resolve() };
    const result = await recoverJournals(place.directory, silent, { signal: stop.signal });
    expect(result).toMatchObject({ exported: 0, isComplete: false });
    const { exporter } = createExporter();
    expect(await recoverJournals(place.directory, exporter)).toMatchObject({ exported: 5 });
  });

  test("once the signal is aborted nothing is taken over any more", async () => {
    const ids = [leaveRuns(), leaveRuns()].sort();
    const { exporter, batches } = createExporter();
    const result = await recoverJournals(place.directory, exporter, {
      signal: AbortSignal.abort(),
    });
    expect(result).toMatchObject({ journals: 0, isComplete: false });
    expect({ batches, left: readdirSync(place.directory).sort() }).toEqual({
      batches: [],
      left: ids,
    });
  });

  test("two into one folder at a time are one", async () => {
    leaveRuns();
    const { exporter, batches } = createExporter();
    const folder = place.open();
    const both = await Promise.all([recoverInto(folder, exporter), recoverInto(folder, exporter)]);
    expect(both[0]).toBe(both[1]);
    expect(batches).toHaveLength(1);
    expect(existsSync(folder.path)).toBe(true);
  });

  test("who gave up on a journal gets it again", async () => {
    leaveRuns();
    const { exporter } = createExporter([1]);
    const folder = place.open();
    const first = await recoverInto(folder, exporter, { maxAttempts: 1 });
    expect(first).toMatchObject({ journals: 1, exported: 0, isComplete: false });
    const second = await recoverInto(folder, exporter);
    expect(second).toMatchObject({ journals: 1, exported: 5, isComplete: true });
  });

  test("two of their own share what there is", async () => {
    for (let count = 0; count < 6; count += 1) leaveRuns();
    const { exporter, batches } = createExporter();
    const both = await Promise.all([
      recoverJournals(place.directory, exporter),
      recoverJournals(place.directory, exporter),
    ]);
    expect(both.map(({ exported }) => exported).reduce((a, b) => a + b)).toBe(30);
    expect(batches.flat()).toHaveLength(30);
    expect(readdirSync(place.directory)).toEqual([]);
  });

  test("what is recovered is in no histogram of this process (rule 26)", async () => {
    const { collect } = registerMeters();
    const stop = recordMetrics({ automaticRuns: true });
    leaveRuns(action(6));
    const { exporter, batches } = createExporter();
    await recoverJournals(place.directory, exporter);
    expect(batches.flat()).toHaveLength(6);
    expect(await collect()).toEqual([]);
    // It does record.
    startRun({ name: "here" }).end();
    expect(await collect()).not.toEqual([]);
    stop();
  });

  test("callbacks that throw harm nothing", async () => {
    leaveRuns();
    const { exporter } = createExporter();
    const onProgress = () => {
      throw new Error("x");
    };
    expect(await recoverJournals(place.directory, exporter, { onProgress })).toMatchObject({
      exported: 5,
      isComplete: true,
    });
  });

  test("a directory that cannot be used is said, and nothing is thrown", async () => {
    const file = join(place.directory, "file");
    writeFileSync(file, "");
    const { exporter } = createExporter();
    const result = await recoverJournals(file, exporter);
    expect(result).toMatchObject({ journals: 0, left: { failed: 1 }, isComplete: false });
  });
});

describe("options are checked (rule 38)", () => {
  const refused = async (options: object): Promise<unknown> => {
    const { exporter } = createExporter();
    return recoverJournals(place.directory, exporter, options).then(
      () => "accepted",
      (error: unknown) => error,
    );
  };
  test.each<[string, object]>([
    ["batchSize", { batchSize: 0 }],
    ["batchSize", { batchSize: 10_001 }],
    ["maxAttempts", { maxAttempts: 0 }],
    ["exit", { exit: { code: 256 } }],
    ["exit", { exit: { sig: "SIGKILL" } }],
    ["pid", { pid: 0 }],
    ["anyHost", { anyHost: "yes" }],
    ["signal", { signal: {} }],
    ["onProgress", { onProgress: 1 }],
    ["onIncident", { onIncident: 1 }],
    ["batchsize", { batchsize: 1 }],
  ])("%s: %o is refused", async (name, options) => {
    const error = await refused(options);
    expect(error).toBeInstanceOf(LifecycleError);
    expect(String(error)).toContain(name);
  });

  test.each([
    { batchSize: 1 },
    { batchSize: 10_000 },
    { maxAttempts: 1 },
    { maxAttempts: Number.POSITIVE_INFINITY },
    { exit: { code: 255, signal: "SIGKILL", reason: "OOMKilled" } },
  ])("%o is accepted", async (options) => {
    expect(await refused(options)).toBe("accepted");
  });
});
