import type { ExposedTool } from "@otel-lifecycle/api";
import type { SideEffectBoundary } from "../evidence.ts";
import { isName, REDACTED } from "./name.ts";
import { isCount, isTrueOrFalse } from "./numbers.ts";
import { fieldOf, type Sieve } from "./sieve.ts";
import { isOneOf, TOOL_EFFECTS } from "./vocabulary.ts";

/** How many of the exposed tools are kept; all are counted. */
const MAX_TOOLS = 64;

/** What the model may call; nothing if `tools` is no list. */
export const boundaryThrough = (
  sieve: Sieve,
  tools: unknown,
  exposed?: unknown,
): SideEffectBoundary | undefined => {
  if (tools === undefined || tools === null) return undefined;
  const length = Array.isArray(tools) ? fieldOf(tools, "length") : undefined;
  if (!isCount(length)) {
    sieve.withhold("tools");
    return undefined;
  }
  const kept = Array.from({ length: Math.min(length, MAX_TOOLS) }, (_, index) =>
    toolThrough(sieve, fieldOf(tools, String(index))),
  );
  const told = sieve.pick("tools", exposed, isCount) ?? 0;
  return { exposed: Math.max(length, told), tools: kept };
};

const toolThrough = (sieve: Sieve, tool: unknown): Required<ExposedTool> => ({
  // Nothing that has no name is exposed, so what stands there was withheld.
  name: sieve.text("tools.name", fieldOf(tool, "name") ?? REDACTED, isName) ?? REDACTED,
  effect: sieve.pick("tools.effect", fieldOf(tool, "effect"), isOneOf(TOOL_EFFECTS)) ?? "unknown",
  providerExecuted:
    sieve.pick("tools.provider_executed", fieldOf(tool, "providerExecuted"), isTrueOrFalse) ??
    false,
});
