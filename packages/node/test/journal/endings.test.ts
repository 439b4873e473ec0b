import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { startEndpoint } from "../support/endpoint.ts";
import { type Afterlife, type LifeOptions, makeAfterlife, NOBODY, start, until } from "./lives.ts";
import { type Told, told, toldOf } from "./told.ts";

let afterlife: Afterlife;
beforeEach(async () => {
  afterlife = await makeAfterlife();
});
afterEach(() => afterlife.close());

const DOWN = { OTEL_EXPORTER_OTLP_ENDPOINT: NOBODY, OTEL_LIFECYCLE_SHUTDOWN_TIMEOUT: "200" };

/** A life of the program that ends in that way, without us unless it is said. */
const endingOf = async (how: string, options: LifeOptions = { flags: [] }) => {
  const { code, signal } = await start("journalled", { args: [how], ...options }).ended;
  return { code, signal };
};

/** Whose they are, and all else that is told, apart. */
const apart = (spans: readonly Told[]) => ({
  pids: [...new Set(spans.map(({ pid }) => pid))],
  instances: new Set(spans.map(({ instance }) => instance)).size,
  spans: spans.map(({ pid, instance, hasLasted, ...rest }) => rest),
});

describe("what could not be sent when the process went", { timeout: 60_000 }, () => {
  it.each([
    ["process.exit", "200"],
    ["uncaught exception", "200"],
    ["unhandled rejection", "200"],
    ["SIGTERM", "200"],
    ["process.exit", "0"],
    ["SIGTERM", "0"],
  ])(
    "goes out at the next start, as it would have been sent: %s, within %s ms",
    async (how, limit) => {
      const sent = await makeAfterlife();
      await endingOf(how, { env: sent.env });
      const wanted = apart(told(sent.receiver.requests));
      const left = sent.journals();
      await sent.close();

      const env = { ...afterlife.env, ...DOWN, OTEL_LIFECYCLE_SHUTDOWN_TIMEOUT: limit };
      const dead = start("journalled", { args: [how], env });
      const { pid, code, signal, stderr } = await dead.ended;
      const before = told(afterlife.receiver.requests);
      await afterlife.recover();
      expect({
        left,
        ending: { code, signal },
        lines: stderr.match(/\d+ spans could not be sent.*$/gm),
        before,
        ...apart(toldOf(pid, afterlife.receiver.requests)),
        journals: afterlife.journals(),
      }).toEqual({
        // Whatever way it was sent by, it was acknowledged.
        left: [],
        ending: await endingOf(how),
        lines: [
          `7 spans could not be sent within ${limit} ms before the process ends; 7 are in the journal, for the next start.`,
        ],
        before: [],
        ...wanted,
        pids: [pid],
        journals: [],
      });
    },
  );

  it("goes out at the next start though a second signal ended the process at once", async () => {
    const endpoint = await startEndpoint({ isSilent: true });
    const env = {
      ...afterlife.env,
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint.url,
      OTEL_LIFECYCLE_SHUTDOWN_TIMEOUT: "600000",
    };
    const dead = start("journalled", { args: ["SIGTERM"], env });
    await until(() => endpoint.posted.length > 0);
    const { pid, signal } = await dead.end("SIGINT");
    endpoint.close();
    await afterlife.recover();
    const names = toldOf(pid, afterlife.receiver.requests).map(({ name }) => name);
    expect({ signal, names, journals: afterlife.journals() }).toEqual({
      signal: "SIGTERM",
      names: [
        "GET",
        "agent run",
        "answered run",
        "chat model",
        "interrupt GET",
        "interrupt agent run",
        "shutdown process",
      ],
      journals: [],
    });
  });
});
