import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { RunIncident } from "@otel-lifecycle/incidents";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type AccountJson, renderAccount, startReceiver } from "why-closed";
import { missingLinks } from "../src/check/link-check.ts";
import { wireSpansOf } from "../src/check/wire-span.ts";
import { NOTHING, type Performance, perform } from "./performance.ts";

const execute = promisify(execFile);
const WHY_CLOSED = fileURLToPath(new URL("../../../packages/cli/dist/main.js", import.meta.url));

const HEX = {
  trace: expect.stringMatching(/^[0-9a-f]{32}$/),
  span: expect.stringMatching(/^[0-9a-f]{16}$/),
};
const DIGITS = expect.stringMatching(/^[0-9]{19}$/);
const ORIGIN = { service: "agent-server", startTimeUnixNano: DIGITS, endTimeUnixNano: DIGITS };
const RUN = {
  ...ORIGIN,
  name: "agent run",
  traceId: HEX.trace,
  spanId: HEX.span,
  scope: "instance",
  confidence: "high",
  actionId: null,
  missing: [],
  recovered: false,
};
const COMPLETED = {
  ...RUN,
  result: "completed",
  class: null,
  confidence: null,
  via: null,
  missing: null,
  interruptSeconds: null,
  recovered: null,
};
const INTERRUPTED = {
  ...RUN,
  result: "interrupted",
  interruptSeconds: expect.any(Number),
};
const FAILED = { ...RUN, result: "failed", interruptSeconds: null };
const TIMED_OUT = { ...FAILED, interruptSeconds: expect.any(Number) };
const NO_RUNS = { covered: 0, interrupted: 0, completed: 0, failed: 0, other: 0, unsettled: 0 };
const ACTION = {
  ...ORIGIN,
  traceId: HEX.trace,
  spanId: HEX.span,
  signal: null,
  result: "completed",
};

describe("the demo", () => {
  let folder: string;
  let kept: string;
  let requests: readonly string[];
  let demo: Performance;
  let account: AccountJson;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "demo-out-"));
    kept = join(folder, "traces.jsonl");
    demo = await perform({ args: ["--json", "--out", kept] });
    account = JSON.parse(demo.stdout);
    requests = (await readFile(kept, "utf8")).trimEnd().split("\n");
  }, 30_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("ends well and leaves no process, port or temporary file behind", () => {
    expect(demo).toMatchObject({ status: 0, signal: null, leftBehind: NOTHING });
  });

  it("tells how each of the twelve runs ended, and what closed it", () => {
    const byAction = (kind: string, phase: Phase = "streaming"): object => ({
      ...INTERRUPTED,
      incident: incident(`local_lifecycle_close/${kind}`, phase, "do_not_retry"),
      class: "lifecycle_action",
      via: "error",
      actionId: account.actions.find((action) => action.kind === kind)?.id,
    });
    expect(byId(account.runs)).toEqual(
      byId([
        { id: "shop-1", ...COMPLETED },
        {
          id: "shop-2",
          ...FAILED,
          class: "error",
          via: "error",
          incident: incident("provider_api_error", "before_provider_stream", "auto_retry"),
        },
        { id: "shop-3", ...byAction("reload") },
        { id: "shop-4", ...byAction("dispose_all") },
        {
          id: "blog-1",
          ...INTERRUPTED,
          class: "user_cancel",
          via: "api",
          incident: incident("user_cancel", "streaming", "do_not_retry"),
        },
        {
          id: "blog-2",
          ...TIMED_OUT,
          class: "timeout",
          via: "deadline",
          incident: incident("watchdog_timeout/unknown", "streaming", "offer_continue"),
        },
        { id: "blog-3", ...byAction("dispose_directory", "tool_execution") },
        { id: "blog-4", ...byAction("dispose_all") },
        {
          id: "docs-1",
          ...FAILED,
          class: "upstream_disconnect",
          via: "error",
          incident: incident(
            "provider_transport_disconnect/during_text_generation",
            "streaming",
            "offer_continue",
          ),
        },
        {
          id: "docs-2",
          ...INTERRUPTED,
          class: "unknown_scope_close",
          confidence: "low",
          via: "signal_reason",
          missing: ["lifecycle.close_requested"],
          incident: incident(
            "local_lifecycle_close/unknown_lifecycle_close",
            "streaming",
            "do_not_retry",
          ),
        },
        { id: "docs-3", ...byAction("dispose_all", "tool_execution") },
        { id: "docs-4", ...byAction("dispose_all") },
      ]),
    );
  });

  it("tells what each action closed, and that the ones inside it closed nothing of their own", () => {
    const [reload, disposeDirectory, disposeAll] = account.actions.filter(
      ({ parentId }) => parentId === null,
    );
    const asked = { ...ACTION, parentId: null, trigger: "http" };
    expect([reload, disposeDirectory, disposeAll]).toEqual([
      {
        ...asked,
        id: reload?.id,
        kind: "reload",
        scope: "instance",
        operation: "POST /instance/reload",
        runs: { ...NO_RUNS, covered: 1, interrupted: 1 },
        closed: ["shop-3"],
      },
      {
        ...asked,
        id: disposeDirectory?.id,
        kind: "dispose_directory",
        scope: "directory",
        operation: "POST /directory/dispose",
        runs: { ...NO_RUNS, covered: 1, interrupted: 1 },
        closed: ["blog-3"],
      },
      {
        ...asked,
        id: disposeAll?.id,
        kind: "dispose_all",
        scope: "instance_store",
        operation: "POST /global/dispose",
        runs: { ...NO_RUNS, covered: 4, interrupted: 4 },
        closed: ["docs-3", "docs-4", "shop-4", "blog-4"],
      },
    ]);
    const inner = (parentId: string | undefined, covered: number): object => ({
      ...ACTION,
      id: expect.any(String),
      kind: "dispose",
      scope: "instance",
      parentId,
      trigger: "http",
      operation: null,
      runs: { ...NO_RUNS, covered, other: covered },
      closed: [],
    });
    const nested = account.actions.filter(({ parentId }) => parentId !== null);
    // Three begin within a millisecond, so they are told in any order.
    expect([...nested].sort((a, b) => a.runs.covered - b.runs.covered)).toEqual([
      inner(reload?.id, 1),
      inner(disposeDirectory?.id, 1),
      inner(disposeAll?.id, 1),
      inner(disposeAll?.id, 1),
      inner(disposeAll?.id, 2),
    ]);
  });

  it("keeps incidents beside the spans, whole, for `why-closed incidents` to print", async () => {
    const { stdout } = await execute(process.execPath, [WHY_CLOSED, "incidents", kept, "--json"]);
    const incidents: readonly RunIncident[] = JSON.parse(stdout).run_incidents;
    expect(incidents.map(({ run }) => run.id).sort()).toEqual(
      account.runs
        .filter(({ result }) => result !== "completed")
        .map(({ id }) => id)
        .sort(),
    );
    const text = await execute(process.execPath, [WHY_CLOSED, "incidents", kept]);
    expect(text.stdout.match(/^agent run /gm)).toHaveLength(11);
  });

  it("keeps the OTLP as it was received, with links both ways", () => {
    const spans = wireSpansOf(requests);
    expect(missingLinks(spans, account)).toEqual([]);

    const unlinked = spans.map((span) => ({ ...span, links: [] }));
    expect(missingLinks(unlinked, account).slice(0, 3)).toEqual([
      "shop-3: no link closed_by to its action",
      "shop-3: no link from its action",
      "shop-3: no interrupt span links to it",
    ]);
  });

  it("sends to OTEL_EXPORTER_OTLP_ENDPOINT too, and prints the tree that the README shows", async () => {
    const second = await startReceiver({ port: 0 });
    try {
      const env = { OTEL_EXPORTER_OTLP_ENDPOINT: second.url };
      const told = await perform({ env });
      expect(told).toMatchObject({ status: 0, leftBehind: NOTHING });
      expect(told.stdout).toBe(renderAccount(second.account()));
      expect(withoutChance(told.stdout)).toBe(withoutChance(await readmeExcerpt()));
    } finally {
      await second.close();
    }
  });

  it("says what is missing, and exits with 1, if the spans do not arrive", async () => {
    const dropped = await perform({ env: { OTEL_TRACES_SAMPLER: "always_off" } });
    expect(dropped).toMatchObject({ status: 1, leftBehind: NOTHING });
    expect(dropped.stderr).toContain("demo: the account is not what was driven:");
    expect(dropped.stderr).toContain("  account.runs.shop-1 is missing\n");
  });

  it.each(["model provider at", "nine runs begin", "shop-1 completes"])(
    "leaves nothing behind when it is interrupted at '%s'",
    async (interruptAt) => {
      const interrupted = await perform({ interruptAt });
      expect(interrupted).toMatchObject({ signal: "SIGINT", stdout: "", leftBehind: NOTHING });
    },
  );

  it.each([
    { args: ["--jsno"], message: "Unknown option '--jsno'" },
    { args: ["traces.jsonl"], message: "Unexpected argument 'traces.jsonl'" },
    { args: ["--out"], message: "Option '--out <value>' argument missing" },
    { args: ["--out", ""], message: "Option '--out' expects the name of a file" },
    { args: ["--out", "/no/such/folder/traces.jsonl"], message: "ENOENT" },
  ])("exits with 2 and one clear error for $args", async ({ args, message }) => {
    const refused = await perform({ args });
    expect(refused).toMatchObject({ status: 2, stdout: "", leftBehind: NOTHING });
    expect(refused.stderr).toMatch(/^demo: .*\nusage: pnpm demo \[--json\] \[--out FILE\]\n$/);
    expect(refused.stderr).toContain(message);
  });
});

type Phase = "before_provider_stream" | "streaming" | "tool_execution";

/** What the account tells of an incident: its cause as `cause/subcause`. */
const incident = (told: string, phase: Phase, recommendation: string): object => {
  const [cause, subcause = null] = told.split("/");
  return { cause, subcause, phase, recommendation, summary: expect.stringMatching(/^[a-z]/) };
};

/** Compared by id, because a difference then names the run. */
const byId = <T extends { readonly id: string }>(runs: readonly T[]): object =>
  Object.fromEntries(runs.map((run) => [run.id, run]));

/** The first block of output in the README of this example. */
const readmeExcerpt = async (): Promise<string> => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  return /^```text\n(.*?)^```$/ms.exec(readme)?.[1] ?? "";
};

/** An account without what differs from one performance to the next. */
const withoutChance = (account: string): string =>
  account
    .replaceAll(/\b[0-9a-z]{26}\b/g, "<id>")
    .replaceAll(/[0-9a-f]{8}…/g, "<key>")
    .replaceAll(/\d+ ms/g, "<ms>")
    .replaceAll(/ECONNRESET|UND_ERR_SOCKET/g, "<code>")
    .replaceAll(/ +/g, " ");
