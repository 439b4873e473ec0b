import { NotOtlpError } from "./json-field.ts";

/** What could not be read as an OTLP request, and why. */
export interface NotOtlp {
  readonly type: "not_otlp";
  readonly reason: string;
}

/** What reading gives, or why it gives nothing. */
export function attempt<Parsed>(read: () => Parsed): Parsed | NotOtlp {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError) return { type: "not_otlp", reason: "it is not valid JSON" };
    if (error instanceof NotOtlpError) return { type: "not_otlp", reason: error.message };
    throw error;
  }
}
