import type { JsonObject } from "../otlp/json-field.ts";
import { isJsonObject } from "../otlp/json-field.ts";
import type { HttpAnswer } from "./http-answer.ts";

// A trace comes in a line for each of its pieces. More are no trace, and would take minutes to parse.
const MOST_LINES = 100_000;

/**
 * The JSON objects of an answer: one, or one after another, as a gateway of gRPC streams them.
 * Undefined if it is something else, a page of HTML for instance.
 */
export function jsonObjectsOf(answer: HttpAnswer): readonly JsonObject[] | undefined {
  if (answer.type === "too_large") return undefined;
  const whole = parsed(answer.text);
  if (whole !== undefined) return isJsonObject(whole) ? [whole] : undefined;
  // Two more than are read, for what stands behind the last line feed.
  const lines = answer.text.split("\n", MOST_LINES + 2).filter((line) => line.trim() !== "");
  if (lines.length > MOST_LINES) return undefined;
  const pieces = lines.map(parsed);
  return pieces.length > 0 && pieces.every(isJsonObject) ? pieces : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
