import type { TracerProvider } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { type Instrumentation, retirable } from "../src/retirable-instrumentation.ts";

/** Patches one function as the SDK's instrumentations do: `disable` takes off what is outermost. */
function patching(name: string, target: Record<string, unknown>): Instrumentation & Made {
  const made: Made = {
    provider: undefined,
    patch: () => instrumentation._wrap?.(target, "read", name),
  };
  const instrumentation = Object.assign(made, {
    _wrap: (module: Record<string, unknown>, key: string, _wrapper: unknown) => {
      const original = module[key];
      const wrapped = Object.assign(() => name, { original });
      module[key] = wrapped;
      return wrapped;
    },
    _unwrap: (module: Record<string, unknown>, key: string) => {
      module[key] = (module[key] as { readonly original: unknown }).original;
    },
    disable: () => instrumentation._unwrap(target, "read"),
    setTracerProvider: (provider: TracerProvider) => {
      made.provider = provider;
    },
  });
  return instrumentation as Instrumentation & Made;
}

interface Made {
  provider: TracerProvider | undefined;
  patch(): void;
}

describe("a retired instrumentation", () => {
  it("takes off what it has put on", () => {
    const original = () => "original";
    const target: Record<string, unknown> = { read: original };
    const ours = patching("ours", target);
    const retire = retirable(ours);
    ours.patch();
    retire();
    expect(target["read"]).toBe(original);
  });

  it("leaves what another one has put over it, and makes no spans itself", () => {
    const target: Record<string, unknown> = { read: () => "original" };
    const ours = patching("ours", target);
    const theirs = patching("theirs", target);
    const retire = retirable(ours);
    ours.patch();
    theirs.patch();
    const outermost = target["read"];
    retire();
    expect(target["read"]).toBe(outermost);
    const span = ours.provider?.getTracer("test").startSpan("span");
    expect(span?.isRecording()).toBe(false);
  });
});
