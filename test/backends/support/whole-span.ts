/** A span as it was received, nothing left out, with the resource and the scope that it came in. */
export interface WholeSpan {
  readonly resource: WholeResource;
  readonly scope: WholeScope;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: Attributes;
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[];
  readonly links: readonly { readonly spanId: string; readonly attributes: Attributes }[];
  readonly status: { readonly code?: number; readonly message?: string };
  readonly flags?: number;
}

export type Attributes = Readonly<Record<string, unknown>>;

interface WholeResource {
  readonly attributes: Attributes;
  readonly schemaUrl?: string;
}

interface WholeScope {
  readonly name?: string;
  readonly attributes: Attributes;
  readonly schemaUrl?: string;
}

/**
 * Every span of the received bodies, in the order of arrival; one that came twice is there twice.
 * Fields that hold what OTLP does not write (0, an empty text or list) are left out, and integers
 * are text, so that what came in JSON and what came in protobuf compare equal.
 */
export const wholeSpansOf = (bodies: readonly string[]): readonly WholeSpan[] =>
  bodies.flatMap((body) =>
    (JSON.parse(body) as Json)["resourceSpans"].flatMap((group: Json) =>
      (group["scopeSpans"] ?? []).flatMap((scopeGroup: Json) =>
        (scopeGroup["spans"] ?? []).map((span: Json) => ({
          ...spanOf(span),
          resource: { ...withAttributes(group["resource"]), ...schemaOf(group) },
          scope: { ...withAttributes(scopeGroup["scope"]), ...schemaOf(scopeGroup) },
        })),
      ),
    ),
  );

// biome-ignore lint/suspicious/noExplicitAny: whatever a sender wrote; the tests compare it whole
type Json = Record<string, any>;

const spanOf = ({ attributes, events, links, status, ...rest }: Json): Json => ({
  ...present(rest),
  attributes: attributesOf(attributes),
  events: (events ?? []).map(withAttributes),
  links: (links ?? []).map(withAttributes),
  status: present(status ?? {}),
});

const withAttributes = ({ attributes, ...rest }: Json = {}): Json => ({
  ...present(rest),
  attributes: attributesOf(attributes),
});

const schemaOf = ({ schemaUrl }: Json): Json => present({ schemaUrl });

const attributesOf = (list: readonly Json[] = []): Attributes =>
  Object.fromEntries(list.map(({ key, value }) => [key, plain(value)]));

const plain = (value: Json): unknown => {
  if (value["arrayValue"]) return (value["arrayValue"].values ?? []).map(plain);
  if (value["kvlistValue"]) return attributesOf(value["kvlistValue"].values);
  if (value["intValue"] !== undefined) return `${value["intValue"]} (integer)`;
  return Object.values(value)[0];
};

const present = (fields: Json): Json =>
  Object.fromEntries(
    Object.entries(fields).filter(
      ([, value]) => value !== undefined && value !== 0 && value !== "",
    ),
  );
