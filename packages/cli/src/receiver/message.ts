import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { type Format, MEDIA_TYPES } from "./format.ts";

/** A message of OTLP as the body of an answer. */
export interface Message {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** What is left out of a trace request that is otherwise taken: how many spans, and why. */
export interface PartialSuccess {
  readonly rejectedSpans: number;
  readonly errorMessage: string;
}

/** google.rpc.Status, as OTLP/HTTP, "Failures", has it. */
export function statusMessage(code: number, message: string, format: Format): Message {
  switch (format) {
    case "json":
      return jsonMessage({ code, message });
    case "protobuf":
      return protobufMessage(statusFields(code, message));
  }
}

/**
 * An ExportTraceServiceResponse; on full success, without a single span rejected, it is empty, as
 * that of logs is, which has the same fields.
 */
export function exportResponse(partial: PartialSuccess, format: Format): Message {
  const isWhole = partial.rejectedSpans === 0;
  switch (format) {
    case "json":
      return jsonMessage(isWhole ? {} : { partialSuccess: jsonPartial(partial) });
    case "protobuf":
      return protobufMessage(isWhole ? new BinaryWriter() : partialFields(partial));
  }
}

function jsonPartial({ rejectedSpans, errorMessage }: PartialSuccess): object {
  // An int64 is a string in proto3's JSON.
  return { rejectedSpans: String(rejectedSpans), errorMessage };
}

function statusFields(code: number, message: string): BinaryWriter {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Varint).int32(code);
  return writer.tag(2, WireType.LengthDelimited).string(message);
}

function partialFields({ rejectedSpans, errorMessage }: PartialSuccess): BinaryWriter {
  const writer = new BinaryWriter().tag(1, WireType.LengthDelimited).fork();
  writer.tag(1, WireType.Varint).int64(rejectedSpans);
  return writer.tag(2, WireType.LengthDelimited).string(errorMessage).join();
}

function jsonMessage(json: object): Message {
  return { mediaType: MEDIA_TYPES.json, bytes: Buffer.from(JSON.stringify(json)) };
}

function protobufMessage(writer: BinaryWriter): Message {
  return { mediaType: MEDIA_TYPES.protobuf, bytes: writer.finish() };
}
