import type { ArrivedSpan } from "../driver/otlp.ts";
import type { Delivery } from "../driver/receiver.ts";
import { instanceOf } from "../server/instance.ts";
import type { Life } from "../truth/life.ts";
import { type Finding, wrong } from "./finding.ts";

/** One arrival of a span. */
export interface Arrival {
  readonly span: ArrivedSpan;
  readonly delivery: Delivery;
}

/** The arrivals of each span, by its id, in the order in which they came. */
export const arrivalsOf = (
  deliveries: readonly Delivery[],
): ReadonlyMap<string, readonly [Arrival, ...Arrival[]]> => {
  const bySpan = new Map<string, [Arrival, ...Arrival[]]>();
  for (const delivery of deliveries) {
    for (const span of delivery.spans) {
      const known = bySpan.get(span.spanId);
      if (known === undefined) bySpan.set(span.spanId, [{ span, delivery }]);
      else known.push({ span, delivery });
    }
  }
  return bySpan;
};

/**
 * What is the matter with a span that came more than once. It may, with the same content, if the
 * acknowledgement of the one before was lost: it never came, or its process died before the journal
 * had it.
 */
export const duplicatesOf = (
  arrivals: readonly Arrival[],
  lives: ReadonlyMap<number, Life>,
  deliveries: readonly Delivery[],
): readonly Finding[] =>
  arrivals.slice(1).flatMap((second, index) => {
    const first = arrivals[index] ?? second;
    const senders = `${first.delivery.process}, ${second.delivery.process}`;
    const what = `${second.span.spanId} ${second.span.name} by ${senders}`;
    const reason = reasonAgainst(first, second, lives) ?? repeatAgainst(first, deliveries);
    const findings: Finding[] = [{ type: "duplicated", what }];
    if (reason !== undefined) {
      findings.push({ type: "duplicatedOutsideWindow", what: `${what}: ${reason}` });
    }
    if (textOf(first.span) !== textOf(second.span)) {
      findings.push(
        wrong(`${what}: not the same twice: ${textOf(first.span)} / ${textOf(second.span)}`),
      );
    }
    return findings;
  });

const reasonAgainst = (
  one: Arrival,
  other: Arrival,
  lives: ReadonlyMap<number, Life>,
): string | undefined => {
  if (one.delivery.process === other.delivery.process) {
    return one.delivery.isAnswered ? "sent again after its acknowledgement" : undefined;
  }
  // A request may be read after its sender's death, so not its arrival but that counts.
  const [first, second] = [one, other].toSorted((a, b) => diedAt(a, lives) - diedAt(b, lives));
  if (first === undefined || second === undefined) return undefined;
  const life = lives.get(first.delivery.process);
  if (life === undefined) return "sent by nobody known";
  const { spanId } = first.span;
  if (second.delivery.at < life.diedAt - READING_MS) return "sent by two who lived";
  if (life.history.acknowledged.has(spanId)) return "sent again though the journal knew";
  return life.held?.has(spanId) !== false ? undefined : "sent again though no journal held it";
};

// A recovery takes a batch down before it sends the next: who went on had taken it down.
const repeatAgainst = (
  { span, delivery }: Arrival,
  deliveries: readonly Delivery[],
): string | undefined => {
  const dead = span.resource[INSTANCE];
  const isOwn = dead === instanceOf(delivery.process);
  const later = deliveries.slice(deliveries.indexOf(delivery) + 1);
  const wentOn = later.some(
    ({ process, spans }) =>
      process === delivery.process && spans.some(({ resource }) => resource[INSTANCE] === dead),
  );
  return !isOwn && delivery.isAnswered && wentOn
    ? "sent again after the batch behind it"
    : undefined;
};

const INSTANCE = "service.instance.id";

// The end of a process is seen a moment after it.
const READING_MS = 50;

const diedAt = ({ delivery }: Arrival, lives: ReadonlyMap<number, Life>): number =>
  lives.get(delivery.process)?.diedAt ?? Number.POSITIVE_INFINITY;

const textOf = ({ attributes, resource, ...rest }: ArrivedSpan): string =>
  JSON.stringify(
    { ...rest, attributes: sorted(attributes), resource: sorted(resource) },
    (_, value: unknown) => (typeof value === "bigint" ? String(value) : value),
  );

const sorted = (attributes: Readonly<Record<string, unknown>>) =>
  Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1));
