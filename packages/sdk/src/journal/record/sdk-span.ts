import type { Attributes, Link, SpanContext } from "@opentelemetry/api";

/** Seconds and nanoseconds since the epoch. */
export type HrTime = readonly [number, number];

/** A span of the SDKs as it can be read, in the lines 1.x to 3.x; what a line has not is undefined. */
export interface SdkSpanForm {
  readonly name: string;
  readonly kind: number;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly attributes: Attributes;
  readonly links: readonly (Link & { readonly droppedAttributesCount?: number })[];
  readonly events: readonly SdkEventForm[];
  readonly status: { readonly code: number; readonly message?: string };
  readonly resource: SdkResourceForm;
  /** Of the lines 2.x and 3.x; 1.x says `instrumentationLibrary`. */
  readonly instrumentationScope?: SdkScopeForm;
  readonly instrumentationLibrary?: SdkScopeForm;
  /** Of the lines 2.x and 3.x; 1.x says `parentSpanId`. */
  readonly parentSpanContext?: SpanContext;
  readonly parentSpanId?: string;
  readonly droppedAttributesCount?: number;
  readonly droppedEventsCount?: number;
  readonly droppedLinksCount?: number;
  spanContext(): SpanContext;
}

export interface SdkEventForm {
  readonly name: string;
  readonly time: HrTime;
  readonly attributes?: Attributes;
  readonly droppedAttributesCount?: number;
}

export interface SdkResourceForm {
  readonly attributes: Attributes;
  readonly schemaUrl?: string;
  readonly asyncAttributesPending?: boolean;
  waitForAsyncAttributes?(): Promise<void>;
  /** Of the lines 2.x and 3.x: values may be promises. */
  getRawAttributes?(): readonly (readonly [string, unknown])[];
}

export interface SdkScopeForm {
  readonly name: string;
  readonly version?: string;
  readonly schemaUrl?: string;
  readonly attributes?: Attributes;
}

/** The span, if it has the form of those of an SDK, else undefined. */
export const readable = (span: object): SdkSpanForm | undefined => {
  // What it is not, the checks below tell.
  const form = span as SdkSpanForm;
  return typeof form.name === "string" &&
    typeof form.kind === "number" &&
    Array.isArray(form.startTime) &&
    Array.isArray(form.links) &&
    Array.isArray(form.events) &&
    isObject(form.attributes) &&
    isObject(form.resource) &&
    isObject(form.status) &&
    scopeOf(form) !== undefined
    ? form
    : undefined;
};

/** The instrumentation scope of a span, whatever its line calls it. */
export const scopeOf = ({
  instrumentationScope,
  instrumentationLibrary,
}: SdkSpanForm): SdkScopeForm | undefined => instrumentationScope ?? instrumentationLibrary;

const isObject = (value: unknown): boolean => typeof value === "object" && value !== null;
