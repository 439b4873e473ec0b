import type { Driven, DrivenIncident } from "../check/driven.ts";

/** The ids of the scenario's actions, as the server gave them. */
export interface ActionIds {
  readonly reload: string;
  readonly disposeDirectory: string;
  readonly disposeAll: string;
}

/** What the scenario does to its runs, and who is to be named for it. */
export const drivenBy = ({ reload, disposeDirectory, disposeAll }: ActionIds): Driven => ({
  runs: [
    { id: "shop-1", directory: "shop", result: "completed" },
    { id: "shop-2", directory: "shop", ...PROVIDER_FAILED },
    { id: "shop-3", directory: "shop", ...CLOSED, action: reload, ...closedBy("reload") },
    { id: "shop-4", directory: "shop", ...CLOSED, action: disposeAll, ...closedBy("dispose_all") },
    { id: "blog-1", directory: "blog", ...CANCELLED },
    { id: "blog-2", directory: "blog", ...TIMED_OUT },
    {
      id: "blog-3",
      directory: "blog",
      ...CLOSED,
      action: disposeDirectory,
      ...closedBy("dispose_directory", "tool_execution"),
    },
    { id: "blog-4", directory: "blog", ...CLOSED, action: disposeAll, ...closedBy("dispose_all") },
    { id: "docs-1", directory: "docs", ...DISCONNECTED },
    { id: "docs-2", directory: "docs", ...NOBODY_KNOWN },
    {
      id: "docs-3",
      directory: "docs",
      ...CLOSED,
      action: disposeAll,
      ...closedBy("dispose_all", "tool_execution"),
    },
    { id: "docs-4", directory: "docs", ...CLOSED, action: disposeAll, ...closedBy("dispose_all") },
  ],
  actions: [
    {
      id: reload,
      kind: "reload",
      scope: "instance",
      directory: "shop",
      operation: "POST /instance/reload",
      inner: [1],
    },
    {
      id: disposeDirectory,
      kind: "dispose_directory",
      scope: "directory",
      directory: "blog",
      operation: "POST /directory/dispose",
      inner: [1],
    },
    {
      id: disposeAll,
      kind: "dispose_all",
      scope: "instance_store",
      operation: "POST /global/dispose",
      inner: [1, 1, 2],
    },
  ],
});

const INTERRUPTED = { result: "interrupted", confidence: "high" } as const;

const FAILED = { result: "failed", confidence: "high", via: "error" } as const;

// The error carries the reason with which the run's own signal was aborted.
const CLOSED = { ...INTERRUPTED, class: "lifecycle_action", via: "error" } as const;

/** What the incident of a run that an action closed tells; most were streaming. */
const closedBy = (kind: string, phase = "streaming"): { readonly incident: DrivenIncident } => ({
  incident: { cause: "local_lifecycle_close", subcause: kind, phase, advice: "do_not_retry" },
});

const CANCELLED = {
  ...INTERRUPTED,
  class: "user_cancel",
  via: "api",
  incident: {
    cause: "user_cancel",
    subcause: null,
    phase: "streaming",
    advice: "do_not_retry",
  },
} as const;

const PROVIDER_FAILED = {
  ...FAILED,
  class: "error",
  errorTypes: ["ModelError"],
  incident: {
    cause: "provider_api_error",
    subcause: null,
    phase: "before_provider_stream",
    advice: "auto_retry",
  },
} as const;

// It said something before, which a retry would say again.
const TIMED_OUT = {
  ...FAILED,
  class: "timeout",
  via: "deadline",
  errorTypes: ["timeout"],
  incident: {
    cause: "watchdog_timeout",
    subcause: "unknown",
    phase: "streaming",
    advice: "offer_continue",
  },
} as const;

// Whether the socket or undici notices first is chance.
const DISCONNECTED = {
  ...FAILED,
  class: "upstream_disconnect",
  errorTypes: ["ECONNRESET", "UND_ERR_SOCKET"],
  incident: {
    cause: "provider_transport_disconnect",
    subcause: "during_text_generation",
    phase: "streaming",
    advice: "offer_continue",
  },
} as const;

const NOBODY_KNOWN = {
  ...INTERRUPTED,
  class: "unknown_scope_close",
  confidence: "low",
  via: "signal_reason",
  ...closedBy("unknown_lifecycle_close"),
} as const;
