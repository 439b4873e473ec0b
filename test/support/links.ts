import { carriersOf } from "./conventions.ts";
import type { OtlpSpan } from "./otlp-span.ts";

const MAX_LINKS = 100;

/** What is wrong with the links of a harvest: each direction's partner, and kinship. */
export const linkBreaches = (spans: readonly OtlpSpan[]): readonly string[] => {
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  return spans.flatMap((span) => [
    ...span.links.flatMap((link) => linkBreach(span, byId.get(link.spanId), link, byId)),
    ...countBreach(span),
    ...closeBreach(span, byId),
  ]);
};

type Spans = ReadonlyMap<string, OtlpSpan>;

const linkBreach = (
  from: OtlpSpan,
  to: OtlpSpan | undefined,
  { attributes }: OtlpSpan["links"][number],
  byId: Spans,
): readonly string[] => {
  const type = attributes["lifecycle.link.type"];
  if (type === undefined) return [];
  const name = `${from.name} ${type} ${to?.name}`;
  if (to === undefined) return [`${name}: was not exported`];
  const [source] = carriersOf(from);
  const [target] = carriersOf(to);
  const pair = `${source} ${type} ${target}`;
  const known = ["run closed_by action", "interrupt interrupts run", "action interrupts run"];
  return [
    ...(known.includes(pair) ? [] : [`${name}: ${pair}`]),
    ...(isAncestor(from, to, byId) || isAncestor(to, from, byId) ? [`${name}: kin`] : []),
  ];
};

const isAncestor = (ancestor: OtlpSpan, span: OtlpSpan, byId: Spans): boolean => {
  for (let at = parentOf(span, byId); at !== undefined; at = parentOf(at, byId)) {
    if (at === ancestor) return true;
  }
  return false;
};

const parentOf = (span: OtlpSpan, byId: Spans): OtlpSpan | undefined =>
  span.parentSpanId === undefined ? undefined : byId.get(span.parentSpanId);

const countBreach = ({ name, links }: OtlpSpan): readonly string[] =>
  links.length > MAX_LINKS ? [`${name}: ${links.length} links`] : [];

// What a run says of its action is what the action says of itself.
const closeBreach = ({ name, attributes }: OtlpSpan, byId: Spans): readonly string[] => {
  const spanId = attributes["lifecycle.close.action.span_id"];
  if (spanId === undefined) return [];
  const action = byId.get(String(spanId));
  if (action === undefined) return [`${name}: its action was not exported`];
  const pairs = [
    ["lifecycle.close.action.trace_id", action.traceId],
    ...["id", "kind", "trigger"].map((field) => [
      `lifecycle.close.action.${field}`,
      action.attributes[`lifecycle.action.${field}`],
    ]),
  ] as const;
  return pairs.flatMap(([field, expected]) =>
    attributes[String(field)] === expected ? [] : [`${name}: ${field} is not its action's`],
  );
};
