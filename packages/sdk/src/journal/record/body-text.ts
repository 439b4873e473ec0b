import type { Cause, ManagedAction, ManagedRun } from "@otel-lifecycle/api/internal";
import type { ActionBody, CauseBody } from "../format/bodies.ts";
import type { SdkSpanForm } from "./sdk-span.ts";

/** The member `r` of a beginning, with a comma before it. */
export const runText = (run: ManagedRun, span: SdkSpanForm): string => {
  const { began, path, origin } = run;
  const scopes = path.length === 1 ? `${path[0]?.serial}` : path.map((one) => one.serial).join();
  return `,"r":{"q":${began},"sc":[${scopes}],"o":"${origin}"${nameText(run, span)}${begunInText(run)}${scopeText(run)}}`;
};

/** The member `c` of a beginning. */
export const actionBody = ({ cover, scope }: ManagedAction): ActionBody["c"] => {
  const { id, startedIn } = cover.action;
  const { operation, signal, initiator } = cover.provenance;
  return {
    q: cover.seq,
    at: cover.at,
    id,
    sc: scope.serial,
    asks: cover.asks,
    final: cover.isFinal,
    ...(startedIn.length > 0 && { h: startedIn }),
    ...(operation !== undefined && { operation }),
    ...(signal !== undefined && { signal }),
    ...(initiator !== undefined && { initiator }),
  };
};

/** `CauseBody`; undefined for what is none that a run has of its own. */
export const causeText = (cause: Cause): string => {
  const body: CauseBody = {
    q: cause.seq,
    at: cause.at,
    type: cause.type,
    via: cause.via,
    ...(cause.type === "upstream_disconnect" && { errorType: cause.errorType }),
    ...(cause.type === "lifecycle_action" && { action: actionOf(cause) }),
  };
  return JSON.stringify(body);
};

const actionOf = ({ action }: Extract<Cause, { type: "lifecycle_action" }>) => ({
  id: action.id,
  kind: action.kind,
  trigger: action.trigger,
  t: action.traceId,
  s: action.spanId,
  f: action.traceFlags,
});

// That of a run of the API is its span's.
const nameText = (run: ManagedRun, span: SdkSpanForm): string => {
  if (run.origin !== "adopted") return "";
  const { name } = run;
  return name === span.name ? "" : `,"n":${JSON.stringify(name)}`;
};

const begunInText = ({ begunIn }: ManagedRun): string => {
  if (begunIn === undefined) return "";
  const ids: string[] = [];
  for (let at: typeof begunIn | undefined = begunIn; at !== undefined; at = at.begunIn) {
    ids.push(at.id);
  }
  return `,"bi":${JSON.stringify(ids)}`;
};

// A span that nobody knew for a run's is given its scope when it ends, and its sampler saw none.
const scopeText = ({ origin, scope }: ManagedRun): string => {
  if (origin !== "automatic") return "";
  let text = SCOPES.get(scope);
  if (text === undefined) {
    text = `,"a":${JSON.stringify(scope.attributes)}`;
    SCOPES.set(scope, text);
  }
  return text;
};

const SCOPES = new WeakMap<ManagedRun["scope"], string>();
