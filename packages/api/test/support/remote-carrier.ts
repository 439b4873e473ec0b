import type { Harvest } from "./harvest.ts";

export const TRACE = "a".repeat(32);

/** The span of an action in another process. */
export const SPAN = "b".repeat(16);
export const TRACEPARENT = `00-${TRACE}-${SPAN}-01`;

/** That action, as it would have been written there, but for some parts. */
export function cause(parts: Readonly<Record<string, string>> = {}): string {
  const all = { id: "remote-1", root: "remote_0", kind: "dispose_all", trigger: "http", ...parts };
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value}`)
    .join(";");
}

/** What came in from there. */
export const CARRIER = { traceparent: TRACEPARENT, "lifecycle.cause": cause() };

/** What an action that is started in its name says of it, by {@link placeOf}. */
export const REMOTE: Place = {
  parent: "remote-1",
  root: "remote_0",
  trigger: "http",
  trace: TRACE,
  span: SPAN,
};

interface Place {
  readonly parent: unknown;
  readonly root: unknown;
  readonly trigger: unknown;
  readonly trace: string;
  readonly span: string | undefined;
}

/** What an action says of the one that it is part of, as its span is exported. */
export function placeOf(harvest: Harvest, name = "dispose instance"): Place {
  const span = harvest.rawSpan(name);
  const { attributes, parentSpanContext } = span;
  return {
    parent: attributes["lifecycle.action.parent_id"],
    root: attributes["lifecycle.action.root_id"],
    trigger: attributes["lifecycle.action.trigger"],
    trace: span.spanContext().traceId,
    span: parentSpanContext?.spanId,
  };
}
