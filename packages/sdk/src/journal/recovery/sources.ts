import type { Attributes } from "@opentelemetry/api";
import type { SourceBody } from "../format/bodies.ts";
import { plainAttributes } from "./plain-attributes.ts";

/** Where spans come from, in the form of the SDKs. */
export interface Source {
  readonly resource: Resource;
  readonly instrumentationScope: InstrumentationScope;
}

/** `Resource` of both lines of the SDK: exporters group spans by its identity. */
export interface Resource {
  readonly attributes: Attributes;
  readonly schemaUrl?: string;
  readonly asyncAttributesPending: false;
  merge(other: Resource | null): Resource;
  getRawAttributes(): [string, Attributes[string]][];
}

export interface InstrumentationScope {
  readonly name: string;
  readonly version?: string;
  readonly schemaUrl?: string;
  readonly attributes?: Attributes;
}

/** The sources of one journal. */
export interface Sources {
  /** Takes it down under its number; the last one holds, and it is repeated in every segment. */
  add(n: number, source: SourceBody): void;
  /**
   * The source with that number. Where its record is damaged it has the resource that came last, of
   * the same process, which nearly always has one; without any, the resource that OpenTelemetry has for a
   * service that is not known.
   */
  get(n: number): Source;
}

export const createSources = (): Sources => {
  const sources = new Map<number, Source>();
  const resources = new Map<string, Resource>();
  let last = UNKNOWN;
  const resourceOf = ({ attributes, schemaUrl }: SourceBody["resource"]): Resource => {
    const text = JSON.stringify([attributes, schemaUrl]);
    const known = resources.get(text);
    if (known !== undefined) return known;
    const resource = createResource(plainAttributes(attributes).attributes, schemaUrl);
    resources.set(text, resource);
    return resource;
  };
  return {
    add: (n, { resource, scope }) => {
      last = resourceOf(resource);
      sources.set(n, { resource: last, instrumentationScope: scopeOf(scope) });
    },
    get: (n) => {
      const source = sources.get(n) ?? { resource: last, instrumentationScope: { name: "" } };
      sources.set(n, source);
      return source;
    },
  };
};

const scopeOf = ({
  name,
  version,
  schemaUrl,
  attributes,
}: SourceBody["scope"]): InstrumentationScope => ({
  name,
  ...(version === undefined ? undefined : { version }),
  ...(schemaUrl === undefined ? undefined : { schemaUrl }),
  ...(attributes === undefined
    ? undefined
    : { attributes: plainAttributes(attributes).attributes }),
});

const createResource = (attributes: Attributes, schemaUrl: string | undefined): Resource => {
  const resource: Resource = {
    attributes,
    ...(schemaUrl === undefined ? undefined : { schemaUrl }),
    asyncAttributesPending: false,
    merge: (other) =>
      other === null
        ? resource
        : createResource(
            { ...attributes, ...other.attributes },
            other.schemaUrl ?? resource.schemaUrl,
          ),
    getRawAttributes: () => Object.entries(attributes),
  };
  return resource;
};

const UNKNOWN: Resource = createResource({ "service.name": "unknown_service" }, undefined);
