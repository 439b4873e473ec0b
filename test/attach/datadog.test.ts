import { expect, test } from "vitest";
import { endingOf, ordersOf, runOn, runPlain, type Vendor, type VendorEnding } from "./vendors.ts";

const DATADOG: Vendor = { app: "datadog", major: 22, preload: "./telemetry" };

test.each(ordersOf(DATADOG))(
  "dd-trace, %s: runs carry their verdict, and one warning says what is missing",
  async (...[, flags]) => {
    const [plain, ours] = [await runPlain(DATADOG), await runOn(DATADOG, flags)];
    expect({ ...endingOf(ours), stderr: "" }).toEqual(endingOf(plain));
    expect(ours.stderr.trimEnd().split("\n")).toEqual([
      expect.stringContaining("(TracerProvider) has no list of span processors that we know"),
    ]);
    expect([runsIn(plain), runsIn(ours)]).toEqual([1, 1]);
  },
);

/** How many runs went to the agent as closed by an action; MessagePack has one byte before a text. */
const runsIn = ({ deliveries }: VendorEnding): number =>
  deliveries
    .filter(({ path }) => path === "/v0.4/traces")
    .flatMap(({ body }) => body.match(/lifecycle\.close\.class.lifecycle_action/gs) ?? []).length;
