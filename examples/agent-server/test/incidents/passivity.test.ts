import { beforeAll, expect, it } from "vitest";
import { toJson } from "why-closed";
import { startAgentServer } from "../agent-server.ts";
import { clearAway, driveRows } from "./driver.ts";
import { CLOSES, DISCONNECTS, OWN_FAILURES, PROVIDER_FAILURES } from "./rows.ts";

const ROWS = [...DISCONNECTS, ...PROVIDER_FAILURES, ...OWN_FAILURES, ...CLOSES].filter(
  ({ ends }) => ends === undefined,
);

/** What clients, the provider and the account of spans saw of the same runs. */
interface Seen {
  readonly runs: unknown;
  readonly providerRequests: Readonly<Record<string, number>>;
  readonly closes: unknown;
  readonly incidents: number;
}

let recorded: Seen;
let unrecorded: Seen;

const play = async (incidents: "on" | "off"): Promise<Seen> => {
  const server = await startAgentServer({ INCIDENTS: incidents });
  const driven = await driveRows(server, ROWS);
  const runs = await (await fetch(`${server.url}/runs`)).json();
  const providerRequests = (await driven[0]?.provider.requests()) ?? {};
  await server.stop();
  await clearAway(driven);
  return {
    runs,
    providerRequests,
    closes: toJson(server.receiver.account()).runs.map(
      ({ id, result, class: closeClass, confidence, via, missing }) => ({
        id,
        result,
        closeClass,
        confidence,
        via,
        missing,
      }),
    ),
    incidents: server.receiver.logRequests.length,
  };
};

beforeAll(async () => {
  [recorded, unrecorded] = await Promise.all([play("on"), play("off")]);
}, 60_000);

it("changes nothing that clients see, whether or not it is recorded", () => {
  expect(recorded.runs).toEqual(unrecorded.runs);
  expect(recorded.runs).toHaveLength(ROWS.length);
});

it("asks the provider as often", () => {
  expect(recorded.providerRequests).toEqual(unrecorded.providerRequests);
  expect(recorded.providerRequests).toMatchObject({ "disconnects-after-writing": 2, slow: 4 });
});

it("leaves every close as it is", () => {
  expect(recorded.closes).toEqual(unrecorded.closes);
});

it("exports incidents where they are recorded, and no logs where they are not", () => {
  expect(recorded.incidents).toBeGreaterThan(0);
  expect(unrecorded.incidents).toBe(0);
});
