import { type LifecycleSpan, parseRequest } from "../src/index.ts";
import { otlpLine, type SpanFixture } from "./otlp-builder.ts";

/** The spans of fixtures, by way of OTLP. */
export function spansOf(...fixtures: readonly SpanFixture[]): readonly LifecycleSpan[] {
  const request = parseRequest(otlpLine(...fixtures));
  if (request.type !== "traces") throw new Error(`the fixture is ${request.type}`);
  return request.spans;
}
