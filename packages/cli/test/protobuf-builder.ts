import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

/** Builds protobuf field by field, right or wrong: what an exporter would not write. */

/** Fields one behind the other: the bytes of a message, without its length. */
export function fields(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

/** A field whose bytes have a length before them: a message, a text, bytes. */
export function chunk(number: number, content: Uint8Array | string): Uint8Array {
  const bytes = typeof content === "string" ? Buffer.from(content) : content;
  return new BinaryWriter().tag(number, WireType.LengthDelimited).bytes(bytes).finish();
}

export function varint(number: number, value: number): Uint8Array {
  return new BinaryWriter().tag(number, WireType.Varint).int64(value).finish();
}

export function fixed64(number: number, value: bigint): Uint8Array {
  return new BinaryWriter().tag(number, WireType.Bit64).fixed64(value).finish();
}

/** A request of one span. */
export function requestOf(...span: readonly Uint8Array[]): Uint8Array {
  return chunk(1, chunk(2, chunk(2, fields(...span))));
}

/** The fields of a span that is a completed run, its name and times aside. */
export function runFields(spanId: string = "0000000000000003"): Uint8Array {
  return fields(
    chunk(1, Buffer.from("0af7651916cd43dd8448eb211c80319c", "hex")),
    chunk(2, Buffer.from(spanId, "hex")),
    attribute("lifecycle.run.id", chunk(1, "r1")),
    attribute("lifecycle.run.result", chunk(1, "completed")),
  );
}

/** A span's attribute; the value is the fields of its AnyValue. */
export function attribute(key: string, value: Uint8Array): Uint8Array {
  return chunk(9, fields(chunk(1, key), chunk(2, value)));
}

/** A google.rpc.Status. */
export function statusIn(bytes: Uint8Array): { readonly code: number; readonly message: string } {
  const reader = new BinaryReader(bytes);
  let [code, message] = [0, ""];
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    if (number === 1) code = reader.int32();
    else if (number === 2) message = reader.string(true);
    else reader.skip(wireType, number);
  }
  return { code, message };
}
