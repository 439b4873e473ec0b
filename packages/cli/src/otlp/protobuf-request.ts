import { BinaryReader } from "@bufbuild/protobuf/wire";
import { isJsonObject, type JsonObject, NotOtlpError } from "./json-field.ts";
import { isScalar, readScalar, wireTypeOf } from "./protobuf-scalar.ts";
import { FIELDS, type Field, type MessageName } from "./protobuf-schema.ts";
import type { Signal } from "./signal.ts";

const REQUESTS: Readonly<Record<Signal, MessageName>> = {
  traces: "ExportTraceServiceRequest",
  logs: "ExportLogsServiceRequest",
};

// As other parsers of protobuf have it. An array in an array is two messages deeper.
const DEEPEST = 100;

// One for all: in two bytes each, a body of them would otherwise take up thirty times its size.
const EMPTY: JsonObject = Object.freeze({});

/** A message that is being read: where its bytes end, and how deep in others it is, itself included. */
interface OpenMessage {
  readonly name: MessageName;
  readonly end: number;
  readonly depth: number;
  readonly json: Record<string, unknown>;
}

/**
 * One request of a signal, by default of traces, in protobuf as the object that OTLP's JSON
 * encoding has for it: ids in hex, 64-bit integers in strings, enums as numbers. Unknown fields are
 * passed over. Throws {@link NotOtlpError} for what is no such message, or nests more than 100.
 */
export function decodeRequest(bytes: Uint8Array, signal: Signal = "traces"): JsonObject {
  const name = REQUESTS[signal];
  try {
    return read(new BinaryReader(bytes), { name, end: bytes.length, depth: 1, json: {} });
  } catch (error) {
    if (error instanceof NotOtlpError) throw error;
    // The reader has no class of its own for what is cut off, out of bounds or not UTF-8.
    throw new NotOtlpError("it is not valid protobuf", { cause: error });
  }
}

function read(reader: BinaryReader, message: OpenMessage): JsonObject {
  const fields = FIELDS[message.name];
  while (reader.pos < message.end) {
    const [number, wireType] = reader.tag();
    const field = fields[number];
    if (field === undefined) {
      reader.skip(wireType, number);
      continue;
    }
    if (wireType !== wireTypeOf(field.type))
      throw new NotOtlpError(`${field.name} of ${message.name} has wire type ${wireType}`);
    put(message, field, readValue(reader, message, field));
  }
  // The reader knows the end of the bytes, and none in between.
  if (reader.pos !== message.end) throw overlong(message.name);
  return message.json;
}

function put({ name, json }: OpenMessage, field: Field, value: unknown): void {
  if (field.label === "repeated") {
    const list = json[field.name];
    if (Array.isArray(list)) list.push(value);
    else json[field.name] = [value];
    return;
  }
  // Its fields are one `oneof`: the last that comes is the only one.
  if (name === "AnyValue")
    for (const other of Object.keys(json)) if (other !== field.name) delete json[other];
  json[field.name] = value;
}

function readValue(reader: BinaryReader, outer: OpenMessage, field: Field): unknown {
  if (isScalar(field.type)) return readScalar(reader, field.type);
  const end = reader.uint32() + reader.pos;
  if (end > outer.end) throw overlong(field.type);
  const depth = outer.depth + 1;
  if (depth > DEEPEST) throw new NotOtlpError(`it nests more than ${DEEPEST} messages`);
  // A message that comes in parts is one: proto3 has parsers merge them.
  const begun = field.label === "singular" ? outer.json[field.name] : undefined;
  if (end === reader.pos) return begun ?? EMPTY;
  const json = isJsonObject(begun) ? { ...begun } : {};
  return read(reader, { name: field.type, end, depth, json });
}

function overlong(name: MessageName): NotOtlpError {
  return new NotOtlpError(`${name} is longer than what is around it`);
}
