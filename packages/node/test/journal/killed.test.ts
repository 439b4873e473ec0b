import { cpSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { spansOf } from "../../../../test/support/otlp-span.ts";
import { REGISTER } from "../support/program.ts";
import { type Afterlife, makeAfterlife, NOBODY, start } from "./lives.ts";
import { toldOf } from "./told.ts";

let afterlife: Afterlife;
beforeEach(async () => {
  afterlife = await makeAfterlife();
});
afterEach(() => afterlife.close());

const SPAN = {
  kind: 1,
  traceId: "a trace",
  parentSpanId: undefined,
  links: [],
  events: 0,
  status: "UNSET",
  statusMessage: undefined,
  scope: "@otel-lifecycle/api",
  schemaUrl: "https://otel-lifecycle.dev/schemas/0.1.0",
  hasLasted: true,
  instance: expect.stringMatching(/^[0-9a-f-]{36}$/),
};
const LOST = {
  "lifecycle.run.result": "lost",
  "lifecycle.run.recovered": true,
  "lifecycle.close.class": "process_lost",
  "lifecycle.close.confidence": "high",
  "lifecycle.close.via": "journal",
  "lifecycle.loss.reason": "unknown",
  "error.type": "process_lost",
};
const IN_PROCESS = { "lifecycle.scope.kind": "process" };

describe("a process that is killed", { timeout: 60_000 }, () => {
  it.each([
    ["while its endpoint is up", {}],
    ["while its endpoint is down", { OTEL_EXPORTER_OTLP_ENDPOINT: NOBODY }],
  ])("has its runs, and nothing else, exported by the next start: %s", async (_when, env) => {
    const dead = start("journalled", { args: ["SIGKILL"], env: { ...afterlife.env, ...env } });
    const { pid, signal, stdout } = await dead.ended;
    const before = afterlife.receiver.requests.length;
    const { stderr } = await afterlife.recover();
    expect({
      signal,
      before,
      stderr,
      journals: afterlife.journals(),
      spans: toldOf(pid, afterlife.receiver.requests),
      ids: idsOf("agent run", afterlife.receiver.requests),
    }).toEqual({
      signal: "SIGKILL",
      before: 0,
      stderr: "",
      journals: [],
      spans: [
        // Not when, because a millisecond is what the clock of a local root tells apart.
        {
          ...SPAN,
          name: "GET",
          kind: 2,
          attributes: { ...IN_PROCESS, ...LOST },
          status: "ERROR",
          scope: "fixture",
          schemaUrl: undefined,
          hasLasted: expect.any(Boolean),
          pid,
        },
        {
          ...SPAN,
          name: "agent run",
          attributes: { ...IN_PROCESS, ...LOST, "lifecycle.run.id": "r1" },
          status: "ERROR",
          pid,
        },
        {
          ...SPAN,
          name: "answered run",
          attributes: {
            ...IN_PROCESS,
            "lifecycle.run.id": "r2",
            "lifecycle.run.result": "completed",
          },
          pid,
        },
      ],
      ids: [JSON.parse(stdout)],
    });
  });

  it("has them exported as well where Node cannot require an ES module", async () => {
    const flags = ["--no-experimental-require-module", ...REGISTER];
    const { pid, stderr } = await start("late-journal", { flags, env: afterlife.env }).ended;
    await afterlife.recover();
    const names = toldOf(pid, afterlife.receiver.requests).map(({ name }) => name);
    expect({ stderr, names, journals: afterlife.journals() }).toEqual({
      stderr: "",
      names: ["agent run"],
      journals: [],
    });
  });

  it("as one of many has its runs exported over one connection, and nobody is warned of anything", async () => {
    await start("journalled", { args: ["SIGKILL"], env: afterlife.env }).ended;
    const [dead = ""] = afterlife.journals();
    for (const last of "abcdefghijklmno") {
      const other = `${dead.slice(0, -2)}${last}${last}`;
      cpSync(join(afterlife.directory, dead), join(afterlife.directory, other), {
        recursive: true,
        filter: (path) => !path.endsWith("alive"),
      });
    }
    const { stderr } = await afterlife.recover();
    expect({ stderr, journals: afterlife.journals() }).toEqual({ stderr: "", journals: [] });
  });

  it("during its shutdown has them closed by that, and linked to it", async () => {
    const env = { ...afterlife.env, OTEL_EXPORTER_OTLP_ENDPOINT: NOBODY };
    const dead = start("journalled", { args: ["SIGTERM, then SIGKILL"], env });
    const { pid, signal } = await dead.ended;
    await afterlife.recover();
    const spans = toldOf(pid, afterlife.receiver.requests);
    const closed = spans.map(({ name, status, attributes, links }) => ({
      name,
      status,
      links,
      attributes: {
        ...pick(attributes, "run.result", "run.recovered", "close.class", "close.confidence"),
        ...pick(attributes, "close.via", "close.action.kind", "close.action.trigger"),
        ...pick(attributes, "action.kind", "action.result", "action.unsettled_run_count"),
      },
    }));
    const run = (name: string) => ({
      name,
      status: "ERROR",
      attributes: {
        "run.result": "lost",
        "run.recovered": true,
        "close.class": "lifecycle_action",
        "close.confidence": "medium",
        "close.via": "journal",
        "close.action.kind": "shutdown",
        "close.action.trigger": "signal",
      },
      links: [{ to: "shutdown process", "lifecycle.link.type": "closed_by" }],
    });
    expect({ signal, closed, journals: afterlife.journals() }).toEqual({
      signal: "SIGKILL",
      journals: [],
      closed: [
        run("GET"),
        run("agent run"),
        {
          name: "answered run",
          status: "UNSET",
          attributes: { "run.result": "completed" },
          links: [],
        },
        {
          name: "shutdown process",
          status: "UNSET",
          attributes: {
            "action.kind": "shutdown",
            "action.result": "unsettled",
            "action.unsettled_run_count": 2,
          },
          links: [
            { to: "agent run", "lifecycle.link.type": "interrupts" },
            { to: "GET", "lifecycle.link.type": "interrupts" },
          ],
        },
      ],
    });
  });
});

const pick = (attributes: unknown, ...names: readonly string[]): object =>
  Object.fromEntries(
    names
      .map((name) => [name, Reflect.get(Object(attributes), `lifecycle.${name}`)])
      .filter(([, value]) => value !== undefined),
  );

const idsOf = (name: string, bodies: readonly string[]) =>
  spansOf(bodies)
    .filter((span) => span.name === name)
    .map(({ traceId, spanId }) => ({ traceId, spanId, traceFlags: 1 }));
