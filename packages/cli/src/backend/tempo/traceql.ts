import type { Search } from "../backend.ts";

/** The TraceQL that finds the spans of a search. */
export function traceqlOf({ attribute, value, service }: Search): string {
  const conditions = [
    ...(service === undefined ? [] : [`resource.service.name = ${stringOf(service)}`]),
    `span.${attribute} = ${stringOf(value)}`,
  ];
  return `{ ${conditions.join(" && ")} }`;
}

/** TraceQL reads its strings as Go does, which understands what JSON writes. */
function stringOf(text: string): string {
  return JSON.stringify(text);
}
