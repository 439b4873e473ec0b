import type { Attributes } from "@opentelemetry/api";
import { guarded, noteBounded } from "@otel-lifecycle/api/internal";
import type { JournalLog } from "../log/journal-log.ts";
import { attributesText } from "./attributes-text.ts";
import { type SdkResourceForm, type SdkScopeForm, type SdkSpanForm, scopeOf } from "./sdk-span.ts";

/** Numbers of the resources and instrumentation scopes of spans. */
export interface Sources {
  /** The number under which the span's are written; undefined if there are too many. */
  of(span: SdkSpanForm): number | undefined;
}

/** Every segment begins with all of them. */
const MAX_SOURCES = 256;

/** Numbers each pair of a resource and a scope when it is first met, and writes it down. */
export const createSources = (log: JournalLog): Sources => {
  const numbers = new WeakMap<SdkResourceForm, WeakMap<SdkScopeForm, number>>();
  let count = 0;
  // Nearly all spans have those of the span before.
  let last: { resource: SdkResourceForm; scope: SdkScopeForm; n: number } | undefined;
  return {
    of: (span) => {
      const { resource } = span;
      const scope = scopeOf(span);
      if (last?.resource === resource && last.scope === scope) return last.n;
      if (scope === undefined) return undefined;
      let ofResource = numbers.get(resource);
      if (ofResource === undefined) numbers.set(resource, (ofResource = new WeakMap()));
      const n = ofResource.get(scope) ?? number(resource, scope);
      if (n === undefined) return undefined;
      ofResource.set(scope, n);
      last = { resource, scope, n };
      return n;
    },
  };

  function number(resource: SdkResourceForm, scope: SdkScopeForm): number | undefined {
    count += 1;
    const n = log.next();
    if (count > MAX_SOURCES || !log.head("S", n, sourceText(resource, scope))) {
      noteBounded("journal sources", `spans of the first ${MAX_SOURCES} tracers are taken down.`);
      return undefined;
    }
    // What the resource learns later stands under the same number, for the spans that began before.
    if (resource.asyncAttributesPending === true) {
      void settled(resource).then(() => {
        guarded("journal resource", () => log.head("S", n, sourceText(resource, scope)));
      });
    }
    return n;
  }
};

const settled = async (resource: SdkResourceForm): Promise<void> => {
  try {
    await resource.waitForAsyncAttributes?.();
  } catch {
    // What it knows by then is what it knew before.
  }
};

const sourceText = (resource: SdkResourceForm, scope: SdkScopeForm): string => {
  const { name, version, schemaUrl, attributes } = scope;
  const of = `{"name":${JSON.stringify(String(name).slice(0, MAX_TEXT))}${given("version", version)}${given("schemaUrl", schemaUrl)}${attributes === undefined ? "" : `,"attributes":${attributesText(attributes, MAX_SCOPE_BYTES).text}`}}`;
  return `{"resource":{"attributes":${attributesText(resourceAttributes(resource)).text}${given("schemaUrl", resource.schemaUrl)}},"scope":${of}}`;
};

const MAX_TEXT = 1024;
const MAX_SCOPE_BYTES = 16 * 1024;

const given = (name: string, value: unknown): string =>
  typeof value === "string" ? `,"${name}":${JSON.stringify(value.slice(0, MAX_TEXT))}` : "";

// The SDKs log an error when a resource is asked for its attributes too early.
const resourceAttributes = (resource: SdkResourceForm): Attributes => {
  if (resource.asyncAttributesPending !== true) return resource.attributes;
  const attributes: Attributes = {};
  for (const [key, value] of resource.getRawAttributes?.() ?? []) {
    // The first one holds, as in the SDK.
    if (Object.hasOwn(attributes, key) || typeof Object(value).then === "function") continue;
    attributes[key] = value as NonNullable<Attributes[string]>;
  }
  return attributes;
};
