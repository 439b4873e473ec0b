import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parseRequest } from "../../src/index.ts";
import { decodeRequest } from "../../src/otlp/protobuf-request.ts";
import { TRACE_ID } from "../otlp-builder.ts";
import {
  attribute,
  chunk,
  fields,
  fixed64,
  requestOf,
  runFields,
  varint,
} from "../protobuf-builder.ts";

const READ_RUN = {
  traceId: TRACE_ID,
  spanId: "0000000000000003",
  name: "",
  startTimeUnixNano: 0n,
  endTimeUnixNano: 0n,
  attributes: new Map<string, unknown>([
    ["lifecycle.run.id", "r1"],
    ["lifecycle.run.result", "completed"],
  ]),
};
const ONE_RUN = { type: "traces", spans: [READ_RUN], rejected: 0 };
const NOT_PROTOBUF = { type: "not_otlp", reason: "it is not valid protobuf" };

function readBack(value: Uint8Array): unknown {
  const request = parseRequest(requestOf(runFields(), attribute("lifecycle.read", value)));
  return request.type === "traces" ? request.spans[0]?.attributes.get("lifecycle.read") : request;
}

/** An AnyValue of so many lists in one another, the innermost of which holds what is given. */
function lists(count: number, innermost: Uint8Array | string = ""): Uint8Array {
  let value = chunk(5, innermost);
  for (let n = 1; n < count; n += 1) value = chunk(5, chunk(1, value));
  return value;
}

test("bytes are read as protobuf", () => {
  const span = fields(runFields(), chunk(5, "Läufer 🏃"), fixed64(7, 1_700_000_000_000_000_001n));
  expect(parseRequest(requestOf(span, fixed64(8, 2n ** 64n - 1n)))).toEqual({
    ...ONE_RUN,
    spans: [
      {
        ...READ_RUN,
        name: "Läufer 🏃",
        startTimeUnixNano: 1_700_000_000_000_000_001n,
        endTimeUnixNano: 2n ** 64n - 1n,
      },
    ],
  });
});

test("no bytes are a request without spans", () => {
  expect(parseRequest(new Uint8Array())).toEqual({ type: "traces", spans: [], rejected: 0 });
});

test("bytes are read where they begin in their buffer", () => {
  const request = requestOf(runFields());
  const inside = Buffer.concat([Buffer.alloc(7, 255), request, Buffer.alloc(7, 255)]);
  expect(parseRequest(inside.subarray(7, -7))).toEqual(ONE_RUN);
});

test.each([
  ["a varint", varint(99, -1)],
  ["eight bytes", fixed64(99, 1n)],
  ["a length", chunk(99, "later")],
  ["a group", Buffer.from("9b069c06", "hex")],
])("an unknown field that is %s is passed over, at every depth", (_, unknown) => {
  const span = fields(unknown, runFields(), unknown);
  const scope = fields(unknown, chunk(2, span), unknown);
  const request = fields(unknown, chunk(1, fields(unknown, chunk(2, scope))), unknown);
  expect(parseRequest(request)).toEqual(ONE_RUN);
});

test("a message that comes in parts is one", () => {
  const half = chunk(2, chunk(5, chunk(1, chunk(1, "a"))));
  const parts = fields(chunk(1, "lifecycle.read"), chunk(2, lists(1)), half, half, chunk(2, ""));
  expect(parseRequest(requestOf(runFields(), chunk(9, parts)))).toMatchObject({
    spans: [
      {
        attributes: new Map<string, unknown>([
          ...READ_RUN.attributes,
          ["lifecycle.read", ["a", "a"]],
        ]),
      },
    ],
  });
});

test("of several values in one the last stands", () => {
  expect(readBack(fields(chunk(1, "a"), varint(3, 7), varint(2, 1)))).toBe(true);
  expect(readBack(fields(varint(3, 7), chunk(1, "a")))).toBe("a");
});

test.each([
  ["the smallest integer", varint(3, -(2 ** 63)), -(2 ** 63)],
  ["false", varint(2, 0), false],
  ["an empty text", chunk(1, ""), ""],
  ["an empty list", chunk(5, ""), []],
  ["bytes", chunk(7, "a"), undefined],
  ["nothing", new Uint8Array(), undefined],
])("an attribute that holds %s", (_, value, expected) => {
  expect(readBack(value)).toEqual(expected);
});

test.each([
  ["no trace id", fields(chunk(2, Buffer.alloc(8, 1)))],
  ["a trace id of 12 bytes", fields(chunk(1, Buffer.alloc(12, 1)), chunk(2, Buffer.alloc(8, 1)))],
  ["a span id of zeros", fields(chunk(1, Buffer.alloc(16, 1)), chunk(2, Buffer.alloc(8)))],
])("a span with %s is rejected and counted", (_, ids) => {
  const result = attribute("lifecycle.run.result", chunk(1, "completed"));
  expect(parseRequest(requestOf(ids, result))).toEqual({ type: "traces", spans: [], rejected: 1 });
});

test("every cut through a request is no protobuf, or a request with less", () => {
  const request = requestOf(runFields(), chunk(5, "agent run"), fixed64(7, 1n));
  for (let length = 1; length < request.length; length += 1)
    expect(parseRequest(request.subarray(0, length)).type).toBe("not_otlp");
});

test.each([
  [
    "a length beyond the end",
    Buffer.from("0affffffff0f", "hex"),
    "ResourceSpans is longer than what is around it",
  ],
  [
    "a length beyond its message",
    fields(chunk(1, Buffer.from("1205", "hex")), Buffer.alloc(9)),
    "ScopeSpans is longer than what is around it",
  ],
  [
    "a time beyond its message",
    fields(chunk(1, chunk(2, chunk(2, Buffer.from("3900", "hex")))), Buffer.alloc(20)),
    "Span is longer than what is around it",
  ],
  ["a span in a varint", chunk(1, chunk(2, varint(2, 1))), "spans of ScopeSpans has wire type 0"],
  ["a trace id in eight bytes", requestOf(fixed64(1, 1n)), "traceId of Span has wire type 1"],
  ["a time in a varint", requestOf(varint(7, 1)), "startTimeUnixNano of Span has wire type 0"],
])("%s is not OTLP", (_, bytes, reason) => {
  expect(parseRequest(bytes)).toEqual({ type: "not_otlp", reason });
});

test.each([
  ["text that is not UTF-8", requestOf(chunk(5, Buffer.from([0x61, 0xff])))],
  ["long text that is not UTF-8", requestOf(chunk(5, Buffer.alloc(100, 0xc3)))],
  ["a varint of eleven bytes", requestOf(Buffer.from(`30${"ff".repeat(10)}01`, "hex"))],
  ["field number 0", Buffer.from("0000", "hex")],
  ["a wire type that is none", Buffer.from("0f00", "hex")],
  ["the end of a group that never began", Buffer.from("9c06", "hex")],
  ["a hundred thousand groups", Buffer.alloc(200_000, Buffer.from("9b06", "hex"))],
  ["JSON", Buffer.from('{"resourceSpans":[]}')],
])("%s is not protobuf", (_, bytes) => {
  expect(parseRequest(bytes)).toEqual(NOT_PROTOBUF);
});

test("a hundred messages may nest, and no more", () => {
  // The request, resource, scope, span and attribute are five, and each list is two: its value and
  // itself. What is in the innermost of 47 is the hundredth.
  expect(readBack(lists(47, chunk(1, "")))).toEqual([]);
  const deep = { type: "not_otlp", reason: "it nests more than 100 messages" };
  expect(readBack(lists(48))).toEqual(deep);
  expect(readBack(lists(2000))).toEqual(deep);
});

test("numbers that JSON has none for are decoded to their names and digits", () => {
  const doubles = [Number.NaN, Number.NEGATIVE_INFINITY, 0.5].map((value) =>
    attribute("a", new BinaryWriter().tag(4, WireType.Bit64).double(value).finish()),
  );
  const integer = attribute("a", varint(3, -(2 ** 63)));
  const decoded = decodeRequest(requestOf(varint(6, -1), ...doubles, integer));
  const values = [
    { doubleValue: "NaN" },
    { doubleValue: "-Infinity" },
    { doubleValue: 0.5 },
    { intValue: "-9223372036854775808" },
  ];
  const attributes = values.map((value) => ({ key: "a", value }));
  expect(decoded).toEqual({
    resourceSpans: [{ scopeSpans: [{ spans: [{ kind: -1, attributes }] }] }],
  });
});

test("bytes at random are a request or not OTLP, and nothing is thrown", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(["traces", "not_otlp"]).toContain(parseRequest(bytes).type);
    }),
    { numRuns: 2000 },
  );
});

test("a request with bytes changed is a request or not OTLP, and nothing is thrown", () => {
  const request = requestOf(runFields(), chunk(5, "agent run"), attribute("a", lists(3)));
  const change = fc.tuple(fc.nat(request.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
      const bytes = Uint8Array.from(request);
      for (const [index, byte] of changes) bytes[index] = byte;
      expect(["traces", "not_otlp"]).toContain(parseRequest(bytes).type);
    }),
    { numRuns: 2000 },
  );
});
