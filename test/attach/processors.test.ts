import { describe, expect, test } from "vitest";
import { documentsOf, namesIn } from "../support/documents.ts";
import { endingOf, ordersOf, runOn, runPlain, type Vendor, type VendorEnding } from "./vendors.ts";

const AUTO = "@opentelemetry/auto-instrumentations-node/register";

const ATTACHED: Readonly<Record<string, Vendor>> = {
  "auto-instrumentations-node/register, 2.x": { app: "node-sdk-2", major: 20, preload: AUTO },
  "auto-instrumentations-node/register, 3.x": { app: "node-sdk-3", major: 22, preload: AUTO },
  "NodeSDK in a file of its own, 2.x": { app: "node-sdk-2", major: 20, preload: "./node-sdk" },
  "NodeSDK in a file of its own, 3.x": { app: "node-sdk-3", major: 22, preload: "./node-sdk" },
  "NodeSDK in the application's code, 2.x": { app: "node-sdk-2", major: 20, program: "own-code" },
  "NodeSDK in the application's code, 3.x": { app: "node-sdk-3", major: 22, program: "own-code" },
  "LangfuseSpanProcessor in a NodeSDK": { app: "node-sdk-2", major: 20, preload: "./langfuse" },
  // The last two bring SDKs before 2.3, which have no onEnding.
  "@vercel/otel": { app: "vercel", major: 20, preload: "./telemetry" },
  "@traceloop/node-server-sdk": { app: "traceloop", major: 20, preload: "./telemetry" },
};

const cases = Object.entries(ATTACHED).flatMap(([name, vendor]) =>
  ordersOf(vendor).map(([order, flags]) => [name, order, { vendor, flags }] as const),
);

describe("beside someone else's SDK, which takes span processors", () => {
  test.each(cases)(
    "%s, %s: their spans and their ending, with our stamps",
    async (...[, , row]) => {
      const plain = await runPlain(row.vendor);
      const ours = await runOn(row.vendor, row.flags);
      expect(endingOf(ours)).toEqual(endingOf(plain));
      expect(documents(ours)).toEqual(stamped(documents(plain)));
    },
  );
});

const documents = ({ spans }: VendorEnding) => documentsOf(spans, namesIn(spans));

/** What only the processor does: the host's span below the run inherits its close. */
const stamped = (plain: ReturnType<typeof documents>) => {
  const below = plain[BELOW];
  if (below === undefined) throw new Error(`no ${BELOW} among ${Object.keys(plain)}`);
  return { ...plain, [BELOW]: { ...below, attributes: { ...below.attributes, ...INHERITED } } };
};

const BELOW = "chat model of r1";
const INHERITED = {
  "lifecycle.close.inherited_class": "lifecycle_action",
  "lifecycle.close.action.id": "id of dispose instance",
  "lifecycle.close.action.kind": "dispose",
  "lifecycle.close.action.trigger": "http",
};
