import {
  type Attributes,
  createTraceState,
  type HrTime,
  type Link,
  type SpanContext,
  type SpanStatus,
  TraceFlags,
} from "@opentelemetry/api";
import { ATTR_SAMPLING_RESCUED } from "@otel-lifecycle/api";
import type {
  EndBody,
  EventBody,
  LinkBody,
  SpanContextBody,
  SpanStartBody,
  TimeBody,
} from "../format/bodies.ts";
import { isLinked, isObject, isTime } from "./body-forms.ts";
import { plainAttributes } from "./plain-attributes.ts";
import type { Source } from "./sources.ts";

/** `ReadableSpan` of both lines of the SDK, as their exporters read it. */
export interface RebuiltSpan extends Source {
  readonly name: string;
  readonly kind: number;
  readonly spanContext: () => SpanContext;
  readonly parentSpanContext: SpanContext | undefined;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly duration: HrTime;
  readonly ended: true;
  readonly status: SpanStatus;
  readonly attributes: Attributes;
  readonly links: Link[];
  readonly events: RebuiltEvent[];
  readonly droppedAttributesCount: number;
  readonly droppedEventsCount: number;
  readonly droppedLinksCount: number;
}

export interface RebuiltEvent {
  readonly name: string;
  readonly time: HrTime;
  readonly attributes?: Attributes;
  readonly droppedAttributesCount?: number;
}

/** What a recovery adds to a span that had not ended. */
export interface Addition {
  readonly attributes: Attributes;
  readonly links?: readonly Link[];
  readonly status?: SpanStatus;
}

/** A span from its beginning and what had changed by its end; times are never the wrong way round. */
export const rebuiltSpan = (
  source: Source,
  start: SpanStartBody,
  end: EndBody,
  added: Addition = NOTHING,
): RebuiltSpan => {
  const { attributes: own, dropped } = attributesOf(start, end);
  const attributes = added === NOTHING ? own : joined(own, added.attributes);
  const context = contextOf(start, end.f ?? start.f, attributes[ATTR_SAMPLING_RESCUED] === true);
  const links = linksOf(end.l ?? start.l);
  const events = eventsOf(end.ev);
  const [droppedAttributes = 0, droppedEvents = 0, droppedLinks = 0] = end.dr ?? [];
  const endTime = isBefore(end.et, start.st) ? start.st : end.et;
  return {
    resource: source.resource,
    instrumentationScope: source.instrumentationScope,
    name: end.n ?? start.n,
    kind: start.k,
    spanContext: () => context,
    parentSpanContext: start.p && contextOf(start.p, start.p.f, false),
    startTime: hrTime(start.st),
    endTime: hrTime(endTime),
    duration: between(start.st, endTime),
    ended: true,
    status: added.status ?? statusOf(end.x),
    attributes,
    links: added.links === undefined ? links.kept : [...links.kept, ...added.links],
    events: events.kept,
    droppedAttributesCount: droppedAttributes + dropped,
    droppedEventsCount: droppedEvents + events.dropped,
    droppedLinksCount: droppedLinks + links.dropped,
  };
};

/** A span that is not sampled is not exported, by this process as by its own. */
export const isSampled = (span: RebuiltSpan): boolean =>
  (span.spanContext().traceFlags & TraceFlags.SAMPLED) !== 0;

const NOTHING: Addition = { attributes: {} };

const attributesOf = (start: SpanStartBody, end: EndBody) => {
  const first = plainAttributes(start.a);
  if (end.a === undefined && end.d === undefined) return first;
  const later = plainAttributes(end.a);
  const merged = joined(first.attributes, later.attributes);
  for (const name of end.d ?? []) delete merged[name];
  return { attributes: merged, dropped: first.dropped + later.dropped };
};

// By hand, because objects that begin with a spread cost ten times as much, and each span has one.
const joined = (one: Attributes, other: Attributes): Attributes => {
  const all: Attributes = {};
  for (const name of Object.keys(one)) all[name] = one[name];
  for (const name of Object.keys(other)) all[name] = other[name];
  return all;
};

const contextOf = (body: SpanContextBody, flags: number, isRescued: boolean): SpanContext => {
  const context: SpanContext = {
    traceId: body.t,
    spanId: body.s,
    // A rescued one is sampled only while it ends.
    traceFlags: isRescued ? flags | TraceFlags.SAMPLED : flags,
  };
  // By hand, because most have neither, and spreads of nothing cost more than the rest.
  if (body.ts !== undefined) context.traceState = createTraceState(body.ts);
  if (body.re === true) context.isRemote = true;
  return context;
};

const linksOf = (given: readonly LinkBody[] | undefined) => {
  const bodies = given ?? NONE;
  const kept: Link[] = bodies.filter(isLinked).map((body: LinkBody) => ({
    context: contextOf(body, body.f, false),
    ...(body.a === undefined ? undefined : { attributes: plainAttributes(body.a).attributes }),
  }));
  return { kept, dropped: bodies.length - kept.length };
};

const eventsOf = (given: readonly EventBody[] | undefined) => {
  const bodies = given ?? NONE;
  const kept = bodies.filter(isEvent).map(eventOf);
  return { kept, dropped: bodies.length - kept.length };
};

const isEvent = (body: unknown): body is EventBody =>
  isObject(body) && typeof body["n"] === "string" && isTime(body["st"]);

const eventOf = ({ n, st, a, dr }: EventBody): RebuiltEvent => {
  const { attributes, dropped } = plainAttributes(a);
  const droppedAttributesCount = (Number.isSafeInteger(dr) ? Number(dr) : 0) + dropped;
  return {
    name: n,
    time: hrTime(st),
    ...(a === undefined ? undefined : { attributes }),
    ...(droppedAttributesCount === 0 ? undefined : { droppedAttributesCount }),
  };
};

const NONE: readonly never[] = [];

const statusOf = (status: EndBody["x"]): SpanStatus => {
  if (status === undefined) return { code: 0 };
  const [code, message] = status;
  return message === undefined || message === null ? { code } : { code, message };
};

const hrTime = ([seconds, nanos]: TimeBody): HrTime => [seconds, nanos];

const isBefore = (one: TimeBody, other: TimeBody): boolean =>
  one[0] === other[0] ? one[1] < other[1] : one[0] < other[0];

const between = (from: TimeBody, to: TimeBody): HrTime => {
  const nanos = to[1] - from[1];
  return nanos < 0 ? [to[0] - from[0] - 1, nanos + 1e9] : [to[0] - from[0], nanos];
};
