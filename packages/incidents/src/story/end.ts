import type { CloseClass, CloseVia, RunResult } from "@otel-lifecycle/api";
import type { EndFacts, Evidence } from "../evidence.ts";
import { courseOf, isOfAbort, standing } from "./standing.ts";
import { FAILURES } from "./types.ts";

/** An end of which all is said that an incident says. */
export type WholeEnd = EndFacts &
  Required<Pick<EndFacts, "result" | "class" | "confidence" | "via">>;

/**
 * The end as it was decided. What it does not say is taken from its result, or its class: a run
 * that failed did so by an error, one that was interrupted by nobody that is known.
 */
export const concludedEnd = (end: EndFacts | undefined): WholeEnd => {
  const { confidence = "low", missing } = end ?? {};
  const closeClass = isClass(end?.class) ? end.class : classOf(end?.result);
  const result = isResult(end?.result) ? end.result : BY_CLASS[closeClass].result;
  const via = end?.via ?? BY_CLASS[closeClass].via;
  const lacks = missing ?? (closeClass === "unknown_scope_close" ? MISSING : undefined);
  return {
    result,
    class: closeClass,
    confidence,
    via,
    ...(lacks === undefined ? undefined : { missing: lacks }),
  };
};

/**
 * Of a run of whose end nothing was recorded: what was requested, or broke and stands, whichever
 * was first, with low confidence; none if there is neither.
 */
export const inferredEnd = (evidence: readonly Evidence[]): WholeEnd | undefined => {
  const asked = evidence.findIndex(({ facts }) => facts.close !== undefined);
  const course = courseOf(evidence, {
    asked: asked < 0 ? undefined : asked,
    ended: evidence.length,
  });
  const broke = standing({ evidence, course }, ({ type }) => BROKE.has(type));
  const first = asked < 0 || (broke !== undefined && broke < asked) ? broke : asked;
  const one = first === undefined ? undefined : evidence[first];
  if (one === undefined) return undefined;
  const closeClass = one.facts.close?.class ?? classOfFailure(one);
  return concludedEnd({ result: BY_CLASS[concludedClass(closeClass)].result, class: closeClass });
};

const BROKE: ReadonlySet<string> = new Set([...FAILURES, "pending_tool_interrupted"]);

const classOfFailure = (one: Evidence): CloseClass => {
  const { type, facts } = one;
  if (type === "watchdog_fired") return "timeout";
  if (type === "pending_tool_interrupted" || isOfAbort(one)) return "unknown_scope_close";
  const isBroken = facts.error === undefined || facts.error.proof === "upstream_disconnect";
  return type === "transport_failure" && isBroken ? "upstream_disconnect" : "error";
};

const concludedClass = (closeClass: CloseClass): CloseClass =>
  isClass(closeClass) ? closeClass : "unknown_scope_close";

const classOf = (result: RunResult | undefined): CloseClass => {
  if (result === "failed") return "error";
  return result === "lost" ? "process_lost" : "unknown_scope_close";
};

const isClass = (value: CloseClass | undefined): value is CloseClass =>
  value !== undefined && Object.hasOwn(BY_CLASS, value);

const isResult = (value: RunResult | undefined): value is RunResult =>
  value !== undefined && ["completed", "interrupted", "failed", "lost"].includes(value);

/** What a class amounts to, and the rail on which it is proven as a rule. */
const BY_CLASS: Readonly<
  Record<CloseClass, { readonly result: RunResult; readonly via: CloseVia }>
> = {
  lifecycle_action: { result: "interrupted", via: "registry" },
  user_cancel: { result: "interrupted", via: "api" },
  client_disconnect: { result: "interrupted", via: "response" },
  timeout: { result: "failed", via: "deadline" },
  upstream_disconnect: { result: "failed", via: "error" },
  error: { result: "failed", via: "error" },
  unknown_scope_close: { result: "interrupted", via: "error" },
  process_lost: { result: "lost", via: "journal" },
};

const MISSING: readonly string[] = ["lifecycle.close_requested"];
