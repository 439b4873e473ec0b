import type { Delivery } from "../support/sink.ts";

/** A span as Sentry was sent it. */
export interface SentrySpan {
  readonly name: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/** The spans in the envelopes: of version 10's transactions, and of version 11's stream. */
export const sentrySpans = (deliveries: readonly Delivery[]): readonly SentrySpan[] =>
  deliveries
    .flatMap(({ body }) => body.trim().split("\n"))
    .flatMap((line) => spansOf(JSON.parse(line) as Item));

/** A line of an envelope, as far as it holds spans. */
interface Item {
  readonly transaction?: string;
  readonly contexts?: { readonly trace: { readonly data: SentrySpan["attributes"] } };
  readonly spans?: readonly {
    readonly description: string;
    readonly data: SentrySpan["attributes"];
  }[];
  readonly items?: readonly {
    readonly name: string;
    readonly attributes: Readonly<Record<string, { readonly value: unknown }>>;
  }[];
}

const spansOf = ({ transaction, contexts, spans = [], items = [] }: Item): SentrySpan[] => [
  ...(transaction === undefined || contexts === undefined
    ? []
    : [{ name: transaction, attributes: contexts.trace.data }]),
  ...spans.map(({ description, data }) => ({ name: description, attributes: data })),
  ...items.map(({ name, attributes }) => ({ name, attributes: plain(attributes) })),
];

const plain = (attributes: Readonly<Record<string, { readonly value: unknown }>>) =>
  Object.fromEntries(Object.entries(attributes).map(([key, { value }]) => [key, value]));
