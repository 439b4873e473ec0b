import { describe, expect, test } from "vitest";
import { sentrySpans } from "./sentry-envelope.ts";
import {
  endingOf,
  OURS,
  ordersOf,
  runOn,
  runPlain,
  type Vendor,
  type VendorEnding,
} from "./vendors.ts";

const vendor = (version: 10 | 11, options: object): Vendor => ({
  app: `sentry-${version}`,
  major: 20,
  preload: "./telemetry",
  options,
});

describe("@sentry/node 10 on OpenTelemetry's SDK", () => {
  const row = vendor(10, { openTelemetryBasicTracerProvider: true });

  test.each(ordersOf(row))("%s: its transactions are whole, with our stamps", async (_, flags) => {
    const [plain, ours] = [await runPlain(row), await runOn(row, flags)];
    expect(endingOf(ours)).toEqual(endingOf(plain));
    expect([namesIn(plain), namesIn(ours)]).toEqual([NAMES, NAMES]);
    expect(stampsIn(ours)).toEqual({ ...VERDICT, "chat model": INHERITED });
  });
});

describe.each([
  ["@sentry/node 10", vendor(10, {})],
  ["@sentry/node 11 with enableOpenTelemetrySetup", vendor(11, { enableOpenTelemetrySetup: true })],
])("%s, whose provider takes no span processors", (_name, row) => {
  test.each(ordersOf(row))(
    "%s: runs carry their verdict, and one warning says what is missing",
    async (...[, flags]) => {
      const [plain, ours] = [await runPlain(row), await runOn(row, flags)];
      expect({ ...endingOf(ours), stderr: "" }).toEqual(endingOf(plain));
      expect(ours.stderr.trimEnd().split("\n")).toEqual([
        expect.stringContaining(
          "(SentryTracerProvider) has no list of span processors that we know",
        ),
      ]);
      expect([namesIn(plain), namesIn(ours)]).toEqual([NAMES, NAMES]);
      expect(stampsIn(ours)).toEqual(VERDICT);
    },
  );
});

test("@sentry/node 11 leaves OpenTelemetry alone unless told: the drop-in traces by itself", async () => {
  const row = vendor(11, {});
  const ours = await runOn(row, [...OURS, "--import", "./telemetry"]);
  expect(endingOf(ours)).toEqual(endingOf(await runPlain(row)));
  expect(ours.spans.map(({ name }) => name).sort()).toEqual(NAMES);
});

const NAMES = ["agent run", "chat model", "dispose instance", "interrupt agent run"];
const VERDICT = { "agent run": ["interrupted", "lifecycle_action"] };
const INHERITED = "lifecycle_action";

const namesIn = ({ deliveries }: VendorEnding) =>
  sentrySpans(deliveries)
    .map(({ name }) => name)
    .sort();

const stampsIn = ({ deliveries }: VendorEnding) =>
  Object.fromEntries(
    sentrySpans(deliveries).flatMap(({ name, attributes }) => {
      const inherited = attributes["lifecycle.close.inherited_class"];
      if (inherited !== undefined) return [[name, inherited]];
      const closeClass = attributes["lifecycle.close.class"];
      return closeClass === undefined
        ? []
        : [[name, [attributes["lifecycle.run.result"], closeClass]]];
    }),
  );
