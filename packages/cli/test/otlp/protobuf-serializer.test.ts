import { SpanKind, SpanStatusCode, TraceFlags } from "@opentelemetry/api";
import { JsonTraceSerializer, ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import { resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-node";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRequest } from "../../src/index.ts";
import { decodeRequest } from "../../src/otlp/protobuf-request.ts";
import { saidBy } from "../otlp-json.ts";

// Half a surrogate pair has no UTF-8, so protobuf cannot carry it.
const text = fc.string({ unit: "binary", maxLength: 40 });
const count = fc.nat(2 ** 31);
const hexId = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((id) => Buffer.from(id).toString("hex"));
const time = fc.tuple(fc.nat(2 ** 31 - 1), fc.nat(999_999_999));

// Whole numbers beyond 64 bits are `intValue` in the SDK's JSON, which no protobuf can follow.
const double = fc.double().filter((value) => !Number.isInteger(value) || Math.abs(value) < 2 ** 63);
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    text,
    fc.boolean(),
    fc.integer(),
    fc.maxSafeInteger(),
    double,
    fc.uint8Array({ maxLength: 9 }),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(text, tie("value"), { maxKeys: 3 }),
  ),
}));

const key = fc.oneof(
  fc.constantFrom("lifecycle.run.id", "lifecycle.run.result", "lifecycle.action.id", "error.type"),
  fc.constantFrom("lifecycle.close.missing", "lifecycle.interrupt.duration"),
  text,
);
// The API's type does not permit all that the SDK exports: maps, bytes, lists in lists.
const attributes = fc.dictionary(key, value, { maxKeys: 6 }) as fc.Arbitrary<
  ReadableSpan["attributes"]
>;

const context = fc.record({
  traceId: hexId(16),
  spanId: hexId(8),
  traceFlags: fc.constantFrom(TraceFlags.NONE, TraceFlags.SAMPLED),
  isRemote: fc.boolean(),
});

const resource = fc
  .tuple(attributes, fc.webUrl())
  .map(([own, schemaUrl]) => resourceFromAttributes(own, { schemaUrl }));
// Without attributes the SDK's JSON leaves their dropped count out.
const instrumentationScope = fc.oneof(
  fc.record({ name: text, version: text, schemaUrl: fc.webUrl() }, { requiredKeys: ["name"] }),
  fc.record({
    name: text,
    attributes: attributes.filter((own) => Object.keys(own).length > 0),
    droppedAttributesCount: count,
  }),
);

const span: fc.Arbitrary<ReadableSpan> = fc
  .record({
    own: context,
    parentSpanContext: fc.option(context, { nil: undefined }),
    name: text,
    kind: fc.constantFrom(SpanKind.INTERNAL, SpanKind.SERVER, SpanKind.CLIENT, SpanKind.CONSUMER),
    startTime: time,
    endTime: time,
    status: fc.record(
      {
        code: fc.constantFrom(SpanStatusCode.UNSET, SpanStatusCode.OK, SpanStatusCode.ERROR),
        message: text,
      },
      { requiredKeys: ["code"] },
    ),
    attributes,
    events: fc.array(fc.record({ name: text, time, attributes, droppedAttributesCount: count }), {
      maxLength: 2,
    }),
    links: fc.array(fc.record({ context, attributes, droppedAttributesCount: count }), {
      maxLength: 2,
    }),
    resource,
    instrumentationScope,
    droppedAttributesCount: count,
    droppedEventsCount: count,
    droppedLinksCount: count,
  })
  .map(({ own, parentSpanContext, ...rest }) => ({
    ...rest,
    ...(parentSpanContext === undefined ? {} : { parentSpanContext }),
    spanContext: () => own,
    duration: [0, 0],
    ended: true,
  }));

test("requests at random say the same in protobuf and in JSON", () => {
  fc.assert(
    fc.property(fc.array(span, { maxLength: 4 }), (spans) => {
      const protobuf = ProtobufTraceSerializer.serializeRequest(spans) ?? new Uint8Array();
      const json = Buffer.from(JsonTraceSerializer.serializeRequest(spans) ?? []).toString();
      const decoded = decodeRequest(protobuf);
      expect(saidBy(decoded)).toEqual(saidBy(JSON.parse(json)));
      expect(parseRequest(protobuf)).toEqual(parseRequest(json));
      expect(parseRequest(JSON.stringify(decoded))).toEqual(parseRequest(json));
    }),
    { numRuns: 300 },
  );
});
