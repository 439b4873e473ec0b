import { defaultTextMapGetter, propagation, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { createScope, extract, inject, withAction } from "@otel-lifecycle/api";
import * as fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import { boundedBy } from "../support/bounded.ts";
import { registerHarvest } from "../support/harvest.ts";

// Registers the real W3C propagators, too.
const harvest = registerHarvest();
afterEach(() => harvest.reset());

const hex = (length: number) =>
  fc
    .array(fc.constantFrom(..."0123456789abcdef"), { minLength: length, maxLength: length })
    .map((digits) => digits.join(""));
const spanContext = fc.record({
  traceId: hex(32).filter((id) => !/^0+$/.test(id)),
  spanId: hex(16).filter((id) => !/^0+$/.test(id)),
  traceFlags: fc.constantFrom(0, 1),
});
const spanIn = (carrier: unknown) => trace.getSpanContext(extract(carrier, ROOT_CONTEXT));

describe("traceparent is that of W3C Trace Context", () => {
  test("the SDK's own propagator reads what inject writes", () => {
    const [carrier, sent] = withAction(
      { kind: "dispose", scope: createScope({ kind: "instance" }) },
      (action) => [inject({}), action.span.spanContext()] as const,
    );
    const read = trace.getSpanContext(
      propagation.extract(ROOT_CONTEXT, carrier, defaultTextMapGetter),
    );
    expect(read).toEqual({
      traceId: sent.traceId,
      spanId: sent.spanId,
      traceFlags: 1,
      isRemote: true,
    });
  });

  test("extract reads what the SDK's own propagator writes", () =>
    fc.assert(
      fc.property(spanContext, (sent) => {
        const carrier = {};
        propagation.inject(trace.setSpanContext(ROOT_CONTEXT, sent), carrier);
        expect(spanIn(carrier)).toEqual({ ...sent, isRemote: true });
      }),
    ));

  const ids = `${"a".repeat(32)}-${"b".repeat(16)}`;
  const remote = { traceId: "a".repeat(32), spanId: "b".repeat(16), isRemote: true };

  test.each([
    ["with both flags of level 2", `00-${ids}-03`, 3],
    ["with flags that nobody knows, which are not passed on", `00-${ids}-ff`, 3],
    ["of a later version", `01-${ids}-01`, 1],
    ["of a later version that has more", `cc-${ids}-01-what-comes`, 1],
    ["of a later version, of 256 characters", `cc-${ids}-01-`.padEnd(256, "x"), 1],
  ])("one %s is read", (_what, traceparent, traceFlags) => {
    expect(spanIn({ traceparent })).toEqual({ ...remote, traceFlags });
  });

  test.each([
    ["an empty one", ""],
    ["the version that there is not", `ff-${ids}-01`],
    ["version 00 with more", `00-${ids}-01-more`],
    ["no trace", `00-${"0".repeat(32)}-${"b".repeat(16)}-01`],
    ["no span", `00-${"a".repeat(32)}-${"0".repeat(16)}-01`],
    ["capitals", `00-${ids}-01`.toUpperCase()],
    ["a digit too few", `00-${ids.slice(1)}-01`],
    ["a line end", `00-${ids}-01\n`],
    ["two, as Node joins them", `00-${ids}-01, 00-${ids}-01`],
    ["257 characters", `cc-${ids}-01-`.padEnd(257, "x")],
    ["10 MB", "0".repeat(10_000_000)],
  ])("%s is dropped and counted", (_what, traceparent) => {
    expect(boundedBy(() => expect(spanIn({ traceparent })).toBeUndefined())).toEqual({
      "carrier traceparent": 1,
    });
  });
});
