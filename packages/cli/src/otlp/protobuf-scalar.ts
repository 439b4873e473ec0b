import { type BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import type { Field, Scalar } from "./protobuf-schema.ts";

/** The wire type that a field of this type has to have. */
export function wireTypeOf(type: Field["type"]): WireType {
  return isScalar(type) ? WIRE_TYPES[type] : WireType.LengthDelimited;
}

export function isScalar(type: Field["type"]): type is Scalar {
  return type in WIRE_TYPES;
}

/** Reads a scalar as proto3 and OTLP write it in JSON. Throws what the reader throws. */
export function readScalar(reader: BinaryReader, type: Scalar): unknown {
  switch (type) {
    case "bool":
      return reader.bool();
    case "bytes":
      return textOf(reader.bytes(), "base64");
    case "double":
      return doubleOf(reader.double());
    case "enum":
      return reader.int32();
    case "fixed32":
      return reader.fixed32();
    case "fixed64":
      return String(reader.fixed64());
    case "id":
      return textOf(reader.bytes(), "hex");
    case "int64":
      return String(reader.int64());
    case "string":
      return reader.string(true);
    case "uint32":
      return reader.uint32();
  }
}

function textOf({ buffer, byteOffset, length }: Uint8Array, encoding: "base64" | "hex"): string {
  return Buffer.from(buffer, byteOffset, length).toString(encoding);
}

/** JSON has no numbers for NaN and the infinities: proto3's mapping has their names. */
function doubleOf(double: number): number | string {
  return Number.isFinite(double) ? double : String(double);
}

const WIRE_TYPES: Readonly<Record<Scalar, WireType>> = {
  bool: WireType.Varint,
  bytes: WireType.LengthDelimited,
  double: WireType.Bit64,
  enum: WireType.Varint,
  fixed32: WireType.Bit32,
  fixed64: WireType.Bit64,
  id: WireType.LengthDelimited,
  int64: WireType.Varint,
  string: WireType.LengthDelimited,
  uint32: WireType.Varint,
};
