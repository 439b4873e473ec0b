import type { StreamFormat } from "../stream-format.ts";

/** A server-sent event as parsers give it, or the text of its `data` alone. */
export type SseMessage = string | SseMessageFields;

export interface SseMessageFields {
  readonly data: string;
  readonly event?: string | undefined;
}

/** How long `data` may be to be looked into, in characters. */
const MAX_DATA = 262_144;

/**
 * The same format in server-sent events whose `data` is JSON, as a parser of them gives them. Parsed
 * to look only; what passes is the event itself. Of `data` over 262,144 characters the event's name
 * is read alone, and what is no JSON not at all.
 */
export const inSse =
  <Part>(format: StreamFormat<Part>): StreamFormat<SseMessage> =>
  (note) => {
    const reader = format(note);
    return {
      read: (message) => {
        const part = partOf(message);
        // The format itself knows its parts, as it does where it is given them parsed.
        if (part !== undefined) reader.read(part as Part);
      },
      endedEarly: () => reader.endedEarly?.() === true,
    };
  };

const partOf = (message: SseMessage): unknown => {
  const { data, event }: SseMessageFields =
    typeof message === "string" ? { data: message } : message;
  if (data.length > MAX_DATA) return event === undefined ? undefined : { type: event };
  const text = data.trim();
  if (text === "[DONE]") return text;
  try {
    const part: unknown = JSON.parse(text);
    return typeof part === "object" && part !== null ? part : undefined;
  } catch {
    return undefined;
  }
};
