import type { SpanContext, TraceState } from "@opentelemetry/api";
import { type AttributesThen, attributesText, type Bounded, deltaText } from "./attributes-text.ts";
import { quoted } from "./quoted.ts";
import type { HrTime, SdkEventForm, SdkSpanForm } from "./sdk-span.ts";

// Texts of the forms in ../format/bodies.ts, put together by hand, because every run writes two of
// them. What these give stays below MAX_RECORD_BYTES: 128 KiB of attributes, 24 of links, 64 of
// events, and 9 of names, messages and trace states.

const MAX_LINKS_BYTES = 24 * 1024;
const MAX_EVENTS_BYTES = 64 * 1024;
const MAX_MEMBER_BYTES = 8 * 1024;
const MAX_TEXT = 1024;

/** `SpanStartBody` without its closing brace. */
export const startText = (span: SdkSpanForm, source: number): string => {
  const context = span.spanContext();
  const { parentSpanContext: parent, links } = span;
  const above =
    parent === undefined ? parentByIdText(span, context) : `,"p":{${contextText(parent)}}`;
  const linked = links.length === 0 ? "" : `,"l":${linksText(links).text}`;
  return `{"src":${source},${contextText(context)}${above},"n":${shortText(span.name)},"k":${span.kind},"st":${timeText(span.startTime)},"a":${attributesText(span.attributes).text}${linked}`;
};

/** What a span began with, as far as it is needed to tell what has changed. */
export interface Begun extends AttributesThen {
  readonly name: string;
  readonly flags: number;
  readonly links: number;
}

/** The members of `SettledBody` and `EndBody` that say what differs, each with a comma before it. */
export const changesText = (span: SdkSpanForm, begun: Begun): string => {
  const { text, gone, dropped } = deltaText(span.attributes, begun);
  let changes = text === "{}" ? "" : `,"a":${text}`;
  if (gone !== undefined) changes += `,"d":${gone}`;
  if (span.name !== begun.name) changes += `,"n":${shortText(span.name)}`;
  const flags = span.spanContext().traceFlags;
  if (flags !== begun.flags) changes += `,"f":${flags}`;
  const hasLinks = span.links.length !== begun.links || (span.droppedLinksCount ?? 0) > 0;
  const links = hasLinks ? linksText(span.links) : NOTHING;
  if (hasLinks) changes += `,"l":${links.text}`;
  return changes + restText(span, { attributes: dropped, links: links.dropped });
};

/** The members of `FinishedBody` that say how the span ended, each with a comma before it. */
export const finishText = (span: SdkSpanForm): string =>
  `,"et":${timeText(span.endTime)}${restText(span, { attributes: attributesText(span.attributes).dropped, links: linksText(span.links).dropped })}`;

/** For what is no time, as an application may give one, the nearest that is. */
export const timeText = ([seconds, nanos]: HrTime): string =>
  isWhole(seconds, MAX_SECONDS) && isWhole(nanos, MAX_NANOS)
    ? `[${seconds},${nanos}]`
    : `[${nearest(seconds, MAX_SECONDS)},${nearest(nanos, MAX_NANOS)}]`;

/** 2^64 nanoseconds. */
const MAX_SECONDS = 18_446_744_072;
const MAX_NANOS = 999_999_999;

const isWhole = (value: number, most: number): boolean =>
  Number.isInteger(value) && value >= 0 && value <= most;

const nearest = (value: number, most: number): number =>
  value > 0 ? Math.min(Math.floor(value), most) : 0;

const NOTHING: Bounded = { text: "", dropped: 0 };

interface Left {
  readonly attributes: number;
  readonly links: number;
}

// Status, events and counts of what was dropped, by the SDK or here.
const restText = (span: SdkSpanForm, left: Left): string => {
  const { code, message } = span.status;
  let rest = "";
  if (code !== 0)
    rest = `,"x":[${code}${typeof message === "string" ? `,${shortText(message)}` : ""}]`;
  const events = span.events.length === 0 ? NOTHING : eventsText(span.events);
  if (events.text !== "") rest += `,"ev":${events.text}`;
  const attributes = left.attributes + (span.droppedAttributesCount ?? 0);
  const dropped = events.dropped + (span.droppedEventsCount ?? 0);
  const links = left.links + (span.droppedLinksCount ?? 0);
  if (attributes + dropped + links > 0) rest += `,"dr":[${attributes},${dropped},${links}]`;
  return rest;
};

const contextText = ({
  traceId,
  spanId,
  traceFlags,
  traceState,
  isRemote,
}: SpanContext): string => {
  const text = `"t":${idText(traceId, TRACE_ID)},"s":${idText(spanId, SPAN_ID)},"f":${traceFlags}`;
  if (traceState === undefined && isRemote !== true) return text;
  return `${text}${traceState === undefined ? "" : stateText(traceState)}${isRemote === true ? `,"re":true` : ""}`;
};

// What an id generator of the application's gives may be anything; of the usual length it is taken
// as it is, because to look at each digit costs as much as to write it.
const idText = (id: string, length: number): string =>
  id.length === length ? `"${id}"` : JSON.stringify(String(id).slice(0, length));

const TRACE_ID = 32;
const SPAN_ID = 16;

const stateText = (state: TraceState): string => {
  const text = state.serialize();
  return text === "" || text.length > MAX_TEXT ? "" : `,"ts":${JSON.stringify(text)}`;
};

// Of 1.x, which knows no more of the parent.
const parentByIdText = (
  { parentSpanId }: SdkSpanForm,
  { traceId, traceFlags }: SpanContext,
): string =>
  typeof parentSpanId === "string"
    ? `,"p":{${contextText({ traceId, spanId: parentSpanId, traceFlags })}}`
    : "";

const shortText = (text: string): string =>
  quoted(text.length > MAX_TEXT ? text.slice(0, MAX_TEXT) : text);

const linksText = (links: SdkSpanForm["links"]): Bounded =>
  listText(
    links,
    ({ context, attributes }) =>
      `{${contextText(context)}${attributes === undefined ? "" : `,"a":${attributesText(attributes, MAX_MEMBER_BYTES).text}`}}`,
    MAX_LINKS_BYTES,
  );

const eventsText = (events: readonly SdkEventForm[]): Bounded =>
  listText(
    events,
    ({ name, time, attributes = {}, droppedAttributesCount = 0 }) => {
      const { text, dropped } = attributesText(attributes, MAX_MEMBER_BYTES);
      const count = dropped + droppedAttributesCount;
      return `{"n":${shortText(name)},"st":${timeText(time)}${text === "{}" ? "" : `,"a":${text}`}${count > 0 ? `,"dr":${count}` : ""}}`;
    },
    MAX_EVENTS_BYTES,
  );

// The newest are kept, as the SDKs do at their own limit.
const listText = <T>(
  items: readonly T[],
  textOf: (item: T) => string,
  maxBytes: number,
): Bounded => {
  const kept: string[] = [];
  let bytes = 2;
  for (let at = items.length - 1; at >= 0; at -= 1) {
    const item = items[at];
    if (item === undefined) continue;
    const text = textOf(item);
    bytes += Buffer.byteLength(text) + 1;
    if (bytes > maxBytes) break;
    kept.push(text);
  }
  return { text: `[${kept.reverse().join()}]`, dropped: items.length - kept.length };
};
