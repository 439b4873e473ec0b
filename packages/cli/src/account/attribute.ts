import type { LifecycleSpan } from "../otlp/lifecycle-span.ts";
import { numberOf } from "../otlp/scalar.ts";

/** The readers of single attributes: what has another type than the conventions say is absent. */

export function stringAttribute(span: LifecycleSpan, name: string): string | undefined {
  const value = span.attributes.get(name);
  return typeof value === "string" ? value : undefined;
}

/** Also of a string with a number in it: some pipelines turn every attribute into a string. */
export function numberAttribute(span: LifecycleSpan, name: string): number | undefined {
  return numberOf(span.attributes.get(name));
}

/** A count of something: 0 unless it is a whole number from 0 on. */
export function countAttribute(span: LifecycleSpan, name: string): number {
  const value = numberAttribute(span, name) ?? 0;
  return Number.isSafeInteger(value) && value > 0 ? value : 0;
}

export function stringsAttribute(span: LifecycleSpan, name: string): readonly string[] {
  const value = span.attributes.get(name);
  if (typeof value === "string") return [value];
  return Array.isArray(value) ? value : [];
}

/** Set to true, or to "true" by a pipeline that knows strings only. */
export function hasFlag(span: LifecycleSpan, name: string): boolean {
  const value = span.attributes.get(name);
  return value === true || value === "true";
}
